from __future__ import annotations

import pytest

from imr_ml.extracting.treatments import classify_treatment

# request -> category, subcategory; invented requests in the style of letters, with the traps of the field.
REQUESTS = [
    ("Norco 10/325mg #120", "Pharmaceuticals", "opioid"),
    ("NORCO 10/325MG #120", "Pharmaceuticals", "opioid"),
    ("cyclobenzaprin 7.5mg #60", "Pharmaceuticals", "muscle relaxant"),
    ("Voltaren 75mg #60", "Pharmaceuticals", "NSAID"),
    ("Voltaren gel 1% 100 grams", "Pharmaceuticals", "topical analgesic"),
    (
        "Flurbiprofen 20%/Baclofen 5%/Lidocaine 4% in cream base, 180 grams",
        "Pharmaceuticals",
        "topical compound",
    ),
    ("Physical therapy 2 times a week for 6 weeks", "Rehabilitation", "PT/OT"),
    ("Accupuncture 2 x 6", "Rehabilitation", "Acupuncture"),
    # modalities given on the table are treatment; the device taken home is equipment
    ("Electrical stimulation times 12", "Rehabilitation", "Other Therapies"),
    ("Electrical stimulation unit for home use", "DMEPOS", "Electrical Stimulation"),
    ("X-rays of the cervical spine", "Diagnostic Testing", "Imaging/Radiology"),
    ("Functional capacity evaluation", "Diagnostic Testing", "Other"),
    ("Urine drug testing", "Diagnostic Testing", "Lab & Pathology"),
    # an adjunct belongs to the operation, whatever it is
    ("Pre-op EKG", "Surgery", "Adjunct Surgical Services"),
    ("Post-operative physical therapy, 12 visits", "Surgery", "Adjunct Surgical Services"),
    ("Associated surgical service: Cold therapy unit", "Surgery", "Adjunct Surgical Services"),
    ("Right shoulder arthroscopy with post-op physical therapy", "Surgery", "Arthroscopic"),
    ("Rotator cuff repair, arthroscopic", "Surgery", "Arthroscopic"),
    ("Prialt pump trial", "Surgery", "Spine"),
    (
        "Left L5-S1 transforaminal epidural steroid injection under fluoroscopic guidance",
        "Injection",
        "Injection",
    ),
    ("Facet joint injections L4-5", "Injection", "Facet Injection"),
    ("Kenalog injection to the right shoulder", "Injection", "Injection"),
    ("Toradol 60mg IM injection", "Pharmaceuticals", "NSAID"),
    ("Lidocaine infusion x 5", "Injection", "Injection"),
    ("Ketamine infusion", "Pharmaceuticals", "misc analgesic"),
    ("Iron infusion", "Injection", "Injection"),
    # a drug that is only injected stays one, named with its injection or without
    ("Botox for migraine 200 units", "Pharmaceuticals", "injection"),
    ("Injection of Botox 100 units", "Pharmaceuticals", "injection"),
    ("Botulinum injections", "Pharmaceuticals", "injection"),
    ("Xiaflex injection", "Pharmaceuticals", "injection"),
    ("C4-5 and C5-6 and C6-7 facet", "Injection", "Facet Injection"),
    ("Facet fusion L4-5", "Surgery", "Spine"),
    ("Facet syndrome evaluation", "Evaluation & Management", "Medical Specialties"),
    ("OMT x6", "Rehabilitation", "Chiropractic"),
    ("Certified hand therapist 2x6", "Rehabilitation", "PT/OT"),
    ("Vit D2", "Pharmaceuticals", "nutritional (medical food)"),
    ("Vit D level", "Diagnostic Testing", "Lab & Pathology"),
    ("Lipoic acid", "Pharmaceuticals", "nutritional (medical food)"),
    ("Lap band", "Surgery", "Non-arthroscopic"),
    ("Medi-fast", "Programs", "Programs"),
    ("Van with lift", "DMEPOS", "DME"),
    ("Enablex", "Pharmaceuticals", None),
    ("Epi-pen", "Pharmaceuticals", None),
    ("Saline nasal spray", "Pharmaceuticals", None),
    ("MIR lumbar spine", "Diagnostic Testing", "Imaging/Radiology"),
    ("T3 #60", "Pharmaceuticals", "opioid"),
    ("T3-T4 epidural injection", "Injection", "Injection"),
    ("Insulin pen needles", "DMEPOS", "Supplies"),
    ("Lantus pen needles", "DMEPOS", "Supplies"),
    ("Lantus pen", "Pharmaceuticals", "antidiabetic"),
    ("Weight loss surgery", "Surgery", "Non-arthroscopic"),
    ("Spine surgery evaluation", "Evaluation & Management", "Medical Specialties"),
    # who is seen about an operation has none yet
    ("Right knee surgery consultation", "Surgery", "Surgical Consult"),
    ("Lumbar fusion L4-5 second opinion", "Surgery", "Surgical Consult"),
    ("Hand surgery clinic follow up visit", "Surgery", "Surgical Consult"),
    ("Referral for left carpal tunnel release", "Surgery", "Surgical Consult"),
    ("Knee arthroscopy, follow up visits x 3", "Surgery", "Arthroscopic"),
    ("Lumbar fusion and pain management consultation", "Surgery", "Spine"),
    ("Cognitive behavioral therapy, 6 sessions", "Psych Services", "Therapies"),
    ("Functional restoration program, 80 hours", "Programs", "Programs"),
    ("Home health aide 4 hours a day", "Home Health", "Home Health"),
    ("Transportation to all medical appointments", "Transportation", "Transportation"),
    ("Terapia física 2 veces por semana", "Rehabilitation", "PT/OT"),
    ("Terapia psicológica, 6 sesiones", "Psych Services", "Therapies"),
    ("Terapia cognitiva", "Psych Services", "Therapies"),
    ("Terapia del habla", "Rehabilitation", "Other Therapies"),
    ("Biweekly cognitive therapy x 12 weeks", "Psych Services", "Therapies"),
    ("Cognitive behavior training x 6", "Psych Services", "Therapies"),
    # a level makes an operation one of the spine
    ("Decompression L4-5-S1", "Surgery", "Spine"),
    ("Ulnar nerve decompression", "Surgery", "Non-arthroscopic"),
    # nothing is invented
    ("", None, None),
    ("as discussed with the patient", None, None),
    ("pain relief", None, None),
]


@pytest.mark.parametrize(("request_text", "category", "subcategory"), REQUESTS)
def test_category_and_subcategory(request_text: str, category: str | None, subcategory: str | None) -> None:
    assert classify_treatment(request_text) == (category, subcategory)
