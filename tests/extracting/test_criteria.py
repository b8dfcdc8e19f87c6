import pytest

from imr_ml.extracting.items.bearing import bearing, criteria_judged
from imr_ml.extracting.items.criteria import criteria, judge, left_open, parse
from imr_ml.extracting.summaries.tables import read_record


def judged(request_words: str, summary: str) -> dict[str, bool | None]:
    record = read_record(summary)
    return criteria_judged(request_words, record, bearing(request_words, record))


def test_a_rule_names_what_must_be_stated() -> None:
    with pytest.raises(ValueError, match="name a fact that must be stated"):
        parse("has_spasm; ~has_worsening & ~is_care_had")


@pytest.mark.parametrize(
    ("name", "request_words", "summary", "is_met"),
    [
        ("returned to work", "Norco #60", "She is off work. Care included work restrictions.", False),
        ("returned to work", "Norco #60", "She was off work until June and is now back at her job.", True),
        ("no use of a year or more", "Soma 350mg #30", "She was given a short course of Soma.", True),
        ("no use of a year or more", "Soma 350mg #30", "Soma will go on without an end in sight.", None),
        ("conservative care failed", "MRI of the knee", "Care to date has been limited to ice.", False),
        ("conservative care failed", "MRI lumbar spine", "Lesser measures have been exhausted.", True),
        (
            "pain relieved by the drug",
            "Norco #60",
            "He takes Norco and Soma. The former eases the pain.",
            True,
        ),
        (
            "pain relieved by the drug",
            "Soma #60",
            "He takes Norco and Soma. The former eases the pain.",
            None,
        ),
        (
            *("pain relieved by the drug", "Soma #60"),
            *("He takes Norco and Soma. The former eases the pain. The latter did nothing.", False),
        ),
        (
            *("drug tolerated", "Norco #60"),
            *("He takes Norco and Soma. The former eases the pain. The latter made him dizzy.", None),
        ),
        (
            *("function improved with the drug", "Lyrica 75mg"),
            *("Nortriptyline and Lyrica were tried. The second enables her to sit through a meal.", True),
        ),
        (
            *("function improved with the drug", "Nortriptyline 25mg"),
            *("Nortriptyline and Lyrica were tried. The second enables her to sit through a meal.", None),
        ),
        ("pain relieved by the drug", "Soma #60", "He takes Norco and Soma, the latter with relief.", True),
        ("pain relieved by the drug", "Norco #60", "He takes Norco and Soma, the latter with relief.", None),
        ("opioid in use", "Urine drug test", "He stopped Norco and Soma. The former had helped.", False),
        (
            *("pain relieved by the drug", "Soma #60"),
            *("He takes Norco and Soma. Dr. A examined him. The latter physician eased his pain.", None),
        ),
        (
            *("earlier visits helped", "Acupuncture x 6"),
            *("She had physical therapy and acupuncture. The latter did not help.", False),
        ),
        (
            *("earlier visits helped", "Physical therapy x 6"),
            *("She had physical therapy and acupuncture. The latter did not help.", None),
        ),
        ("drug tolerated", "Norco #60", "He takes Norco. Soma was added. It makes him sleepy.", None),
        ("drug tolerated", "Soma #60", "He takes Norco. Soma was added. It makes him sleepy.", False),
        ("drug tolerated", "Norco #60", "He takes Norco. Soma was added. He denies side effects.", True),
        (
            *("function improved with the drug", "Norco #60"),
            *("Norco is taken daily. Cymbalta was begun. It allows her to cook again.", None),
        ),
        (
            *("function improved with the drug", "Cymbalta 30mg"),
            *("Norco is taken daily. Cymbalta was begun. It allows her to cook again.", True),
        ),
        (
            *("pain relieved by the drug", "Voltaren gel"),
            *("Voltaren gel and Norco are used. The gel takes the pain from 6/10 to 2/10.", True),
        ),
        (
            *("pain relieved by the drug", "Norco #60"),
            *("Voltaren gel and Norco are used. The gel takes the pain from 6/10 to 2/10.", None),
        ),
        ("no use of a year or more", "Xanax #60", "Xanax calms her. She has used it since 2011.", False),
        ("no use of a year or more", "Xanax #60", "Norco and Xanax help. She has used it since 2011.", None),
        ("side effects to be treated", "Colace 100mg", "Norco makes him constipated.", True),
        (
            *("side effects to be treated", "Omeprazole 20mg"),
            *("Motrin causes heartburn. He tolerates omeprazole well.", True),
        ),
        ("side effects to be treated", "Omeprazole 20mg", "Omeprazole is well tolerated.", False),
        ("tablets do harm", "Voltaren gel 1%", "Naproxen made her dizzy.", True),
        ("tablets do harm", "Voltaren gel 1%", "She denies any side effects from her pills.", False),
        ("tablets do harm", "Voltaren gel 1%", "No side effects from Norco. She had a gastric ulcer.", True),
        ("no fusion at the level", "Lumbar facet injection L4-5", "He had an L4-5 fusion in 2012.", False),
        ("no fusion at the level", "Lumbar facet injection L4-5", "The lumbar spine was never fused.", True),
        ("no fusion at the level", "Lumbar facet injection L4-5", "No prior surgery of the low back.", True),
        ("no fusion at the level", "Lumbar facet injection L4-5", "He had a cervical fusion in 2012.", None),
        (
            *("operation granted", "Cold therapy unit, left knee post-op"),
            *("UR approved the operation on the left knee. UR denied the shoulder arthroscopy.", True),
        ),
        (
            *("operation granted", "Cold therapy unit, left knee post-op"),
            *("UR denied the right knee arthroscopy.", None),
        ),
        (
            *("operation granted", "Pre-op clearance for right shoulder surgery"),
            *("The wrist surgery was denied.", None),
        ),
        (
            *("operation granted", "Pre-op clearance for right shoulder surgery"),
            *("The right shoulder arthroscopy was denied.", False),
        ),
        ("operation granted", "Assistant surgeon", "The right shoulder arthroscopy was denied.", False),
        (
            *("evaluated before the program", "Functional restoration program x 80 hours"),
            *("A multidisciplinary evaluation has not been completed.", False),
        ),
        (
            *("evaluated before the program", "Functional restoration program x 80 hours"),
            *("The team's evaluation is done. No psychological evaluation was done.", True),
        ),
        ("trial with benefit", "TENS unit, purchase", "A month with TENS gave 15% relief.", False),
        ("trial with benefit", "TENS unit, purchase", "A month with TENS gave 40% relief.", True),
        ("trial with benefit", "H-wave unit", "A trial of H-wave cut his use of Norco.", True),
        ("no operation ahead", "Functional restoration program", "No operation would help her.", True),
        ("no operation ahead", "Functional restoration program", "He is undecided about surgery.", None),
        ("not studied before", "EMG of both arms", "The arms have not been tested by EMG.", True),
        ("function limited", "Lumbar fusion L4-5", "Oswestry score of 60.", True),
        ("function limited", "Lumbar fusion L4-5", "He is independent in all daily activities.", False),
        ("function limited", "Functional restoration program", "She cannot do chores or drive.", True),
        (
            *("not studied before", "MRI of the neck"),
            *("An MRI of the lumbar spine was done in May, none of the neck.", True),
        ),
        (
            *("not studied before", "MRI of the low back"),
            *("An MRI of the lumbar spine was done in May, none of the neck.", False),
        ),
        (
            *("not studied before", "MRI of the left hip"),
            *("The right hip was studied by MRI in May.", True),
        ),
        (
            *("not had before", "Physical therapy, right knee"),
            *("The left knee had 12 sessions of physical therapy.", True),
        ),
        (
            *("not had before", "Physical therapy, low back"),
            *("He had physical therapy for the knee in May.", True),
        ),
        (
            *("not had before", "Physical therapy, low back"),
            *("Therapy for the neck was had. He attended six visits for the back.", False),
        ),
        (
            *("change since the last study", "MRI lumbar spine"),
            *("A lumbar MRI was done in 2012. A new foot drop has come.", True),
        ),
        (
            *("earlier visits helped", "Acupuncture x 6"),
            *("Massage did nothing, while acupuncture helped him sleep.", True),
        ),
        (
            *("earlier visits helped", "Acupuncture x 6"),
            *("Acupuncture was of great help but massage made her worse.", True),
        ),
        (
            *("earlier visits helped", "Massage x 6"),
            *("Acupuncture was of great help but massage made her worse.", False),
        ),
        (
            *("function improved with earlier visits", "Massage x 6"),
            *("Massage failed, and with acupuncture she can cook again.", False),
        ),
        (
            *("function improved with earlier visits", "Acupuncture x 6"),
            *("Massage failed, and with acupuncture she can cook again.", True),
        ),
        (
            *("trial with benefit", "TENS unit, purchase"),
            *("Interferential current helped, but a TENS unit at home did not.", False),
        ),
        (
            *("relief by an earlier injection", "Cortisone injection, right hip"),
            *(
                "A cortisone injection into the right hip gave 80% relief, one into the left gave none.",
                True,
            ),
        ),
        (
            *("weakness", "Carpal tunnel release, right wrist"),
            *("There is wasting of the thenar muscles of the right hand.", True),
        ),
        (
            *("low risk at the operation", "Knee arthroscopy"),
            *("She has no diabetes or hypertension.", True),
        ),
        (
            *("low risk at the operation", "Knee arthroscopy"),
            *("She has no diabetes.", None),
        ),
        (
            *("pain relieved by the drug", "Naproxen 550mg #60"),
            *("Naproxen upsets his stomach, Norco eases his pain.", None),
        ),
        (
            *("pain relieved by the drug", "Norco 10/325mg #60"),
            *("Naproxen upsets his stomach, Norco eases his pain.", True),
        ),
        ("no misuse", "Norco 10/325mg #60", "He sold some of his tablets.", False),
        ("no misuse", "Norco 10/325mg #60", "His brother drinks.", None),
        ("operation granted", "Post-op cold therapy unit", "The carrier agreed to the operation.", True),
        ("operation granted", "Post-op cold therapy unit", "The surgery was not certified.", False),
        ("operation granted", "Post-op cold therapy unit", "Surgery is scheduled for May.", None),
        *(
            ("neuropathic pain", request_words, f"{purpose} There is allodynia over the wrist.", is_met)
            for request_words, purpose, is_met in [
                ("Lyrica 75mg #60", "", True),
                ("Lyrica 75mg #60", "Lyrica is meant for the wrist.", True),
                ("Lyrica 75mg #60", "Lyrica is meant for the neck.", None),
                ("Lyrica 75mg #60", "The knee complaint is the reason for Lyrica.", None),
                ("Lyrica 75mg #60", "Back pain is treated with Lyrica.", None),
                ("Lyrica 75mg #60", "Lyrica was taken for 6 months and neck pain eased.", True),
                ("Lyrica 75mg #60", "Norco is taken for the neck, beside Lyrica.", True),
                ("Lidoderm patch #30 for the shoulder", "", None),
                ("Lidoderm patch #30 for the wrist", "", True),
                ("TENS unit", "A TENS unit is requested because of knee pain.", None),
                ("TENS unit", "A TENS unit is requested because of wrist pain.", True),
            ]
        ),
        ("tablets do harm", "Lidoderm for the knee", "Naproxen hurt his stomach and the neck hurts.", True),
        *(
            ("function improved with the drug", request_words, summary, is_met)
            for summary, answers in [
                ("Motrin did not change her activity, whereas Norco has let her do chores.", (False, True)),
                ("Motrin gave no gain in function, but Norco has allowed her to cook again.", (False, True)),
                ("Motrin did nothing for her function, whereas Norco lets her do chores.", (False, True)),
                (
                    "Motrin has helped him return to light duty, but Norco had no effect on function.",
                    (True, False),
                ),
                ("Motrin has let her sit for an hour; on Norco she does no more than before.", (True, False)),
                ("Motrin lets him do chores, while the knee is stable.", (True, None)),
            ]
            for request_words, is_met in zip(("Motrin 800mg #60", "Norco #60"), answers, strict=True)
        ),
        *(
            ("muscle spasm", request_words, "The hip had spasm; the shoulder was free of spasm.", is_met)
            for request_words, is_met in [
                ("Soma #30 for the hip", True),
                ("Soma #30 for the shoulder", False),
            ]
        ),
        ("muscle spasm", "Soma #30", "The hip had spasm; the shoulder was free of spasm.", True),
        *(
            ("function improved with the drug", request_words, summary, is_met)
            for summary, answers in [
                ("Lyrica helps. He can now walk a mile.", (True, None)),
                ("Lyrica does nothing. His activity is unchanged.", (False, None)),
                ("Lyrica does nothing. He can now walk a mile.", (True, True)),
            ]
            for request_words, is_met in zip(("Lyrica 75mg #60", "Norco #60"), answers, strict=True)
        ),
        ("pain relieved by the drug", "Norco #60", "Exercise, ice and medication did not help.", None),
        ("pain relieved by the drug", "Norco #60", "Exercise and medication did not help.", False),
        ("use watched over", "Norco 10/325mg #60", "CURES was consistent.", True),
        ("use watched over", "Norco 10/325mg #60", "There is no opioid agreement.", False),
        ("use watched over", "Norco 10/325mg #60", "Tablet counts were inaccurate.", False),
        ("use watched over", "Norco 10/325mg #60", "Pill counts are always correct.", True),
        ("use not watched over", "Urine drug screen", "Tablet counts were inaccurate.", True),
        ("returned to work", "Norco 10/325mg #60", "He has not returned to full-time work.", False),
        ("use not watched over", "Urine drug screen", "An opioid agreement is on file.", False),
        ("cause not shown by imaging", "EMG of the legs", "The MRI of the lumbar spine was normal.", True),
        ("question beyond the treating physician", "EMG of the legs", "The diagnosis is unclear.", True),
        ("acute flare", "MRI lumbar spine", "He had a flare-up after lifting.", True),
        ("low risk to heart and kidneys", "Naproxen 500mg #60", "He has diabetes.", False),
        ("tablets failed or do harm", "Lidoderm patch #30", "Gabapentin failed.", True),
        ("low risk of misuse", "Norco 10/325mg #60", "He is a recovering alcoholic.", False),
        ("signs of misuse", "Psychological evaluation", "He sold some of his tablets.", True),
        ("earlier visits helped", "Acupuncture 2 x 3", "Prior sessions gave no lasting benefit.", False),
        ("earlier visits helped", "Physical therapy 2 x 3", "Prior acupuncture sessions failed.", None),
        ("function improved with the drug", "Norco #60", "With the earlier sessions he lifts more.", None),
        ("conservative care failed", "MRI lumbar spine", "PT failed. Norco halves the pain.", True),
        ("worse than before", "MRI lumbar spine", "He had a flare-up after lifting.", None),
        ("short course for acute spasm", "Soma 350mg #60", "Soma is taken short term for spasm.", True),
        ("short course for acute spasm", "Flexeril 10mg #60", "Flexeril has been taken long term.", False),
        ("short course for acute spasm", "Flexeril 10mg #60", "There is spasm.", None),
        ("few visits had", "Acupuncture 2 x 3", "He has had several full courses of acupuncture.", False),
        ("few visits had", "Acupuncture 2 x 3", "He has had acupuncture.", None),
        ("recent operation", "Norco 5/325mg #40", "He had knee surgery two months ago.", True),
        ("operation planned", "Orthopedic consultation", "No surgery is planned.", False),
        ("depression", "Functional restoration program", "He is depressed.", True),
        ("depression", "Gym membership", "He is depressed.", None),
        ("no depression before the operation", "L4-5 fusion", "He has major depression.", False),
        ("instability", "Lumbar brace", "Flexion and extension films show instability.", True),
        ("returned to work", "Gabapentin 300mg #90", "He works full duty.", True),
        ("injections did not help", "Right knee arthroscopy", "The steroid injection gave no relief.", True),
        ("injections did not help", "Left shoulder arthroscopy", "The steroid shot gave no relief.", None),
        ("injections did not help", "Synvisc injection, left knee", "A cortisone shot did not help.", True),
        (
            "steroid injection helped for a time",
            "Left shoulder arthroscopy",
            "A steroid injection of the left shoulder gave good relief for a month.",
            True,
        ),
        (
            "steroid injection helped for a time",
            "Left shoulder arthroscopy",
            "A steroid injection of the left shoulder gave good but temporary relief.",
            True,
        ),
        (
            "steroid injection helped for a time",
            "Left shoulder arthroscopy",
            "A cortisone injection of the left shoulder gave 10% relief.",
            False,
        ),
        (
            "arthritis of the joint not advanced",
            "Right knee arthroscopy",
            "The right knee is bone on bone.",
            False,
        ),
        (
            "arthritis of the joint not advanced",
            "Right knee arthroscopy",
            "Mild arthritis of the right knee.",
            True,
        ),
        ("arthritis of the joint advanced", "Synvisc, left knee", "The left knee is KL grade 4.", True),
        ("arthritis of the joint advanced", "Left knee replacement", "The left knee is KL grade 1.", False),
        ("operation granted", "Pre-op clearance", "Denial of the fusion was later reversed.", True),
        ("nobody at home who helps", "Home health aide", "No son or daughter is able to help.", True),
        ("confined to the home", "Home health aide", "He works full duty.", False),
        ("low risk at the operation", "L4-5 fusion", "He has diabetes.", False),
        ("conservative care failed", "Referral to spine surgeon", "Physical therapy failed.", True),
        ("worse than before", "Orthopedic surgery consultation", "The knee is stable, no worse.", False),
        ("confined to the home", "Post-op home health aide 2 weeks", "He is homebound.", True),
        ("trial with benefit", "TENS electrodes", "The TENS unit cuts his pain in half.", True),
        (
            *("trial with benefit", "TENS unit purchase"),
            *("TENS trial at home x 6 weeks: pain 8 -> 3, meds fewer.", True),
        ),
        (
            *("trial with benefit", "TENS unit purchase"),
            *("TENS trial at home x 6 weeks: pain 8 -> 7, meds same.", False),
        ),
        (
            *("trial with benefit", "TENS unit purchase"),
            *("A month of TENS at home lowered the pain by 10%.", False),
        ),
        ("trial with benefit", "TENS unit purchase", "Pain is 8/10, 7/10 with Norco.", None),
        (
            "last urine test did not agree",
            "Urine drug screen",
            "The last UDS was inconsistent with Norco.",
            True,
        ),
        ("signs of misuse", "Urine drug screen", "CURES shows four prescribers of opioids.", True),
        ("signs of misuse", "Urine drug screen", "He takes Norco for neck pain.", None),
        (
            "function better under consistent use",
            "Norco 10/325mg #60",
            "UDS was consistent. On Norco he can walk no farther than without it.",
            False,
        ),
        (
            "neuropathic pain after first-line drugs",
            "Lidoderm patches #30",
            "Neuropathic pain of the foot. Gabapentin has not been tried.",
            False,
        ),
        ("short course for acute spasm", "Soma 350mg #30", "She has taken Soma for six years.", False),
        ("short course for acute spasm", "Soma 350mg #30", "He has had neck pain for six years.", None),
        (
            "first trial for a stated indication",
            "Trazodone 50mg #30",
            "Start trazodone 50 mg for insomnia.",
            True,
        ),
        (
            "first trial for a stated indication",
            "Ambien 10mg #30",
            "Ambien has been refilled every month since 2010.",
            False,
        ),
        (
            "joint that can be reached through the skin",
            "Voltaren gel 1%",
            "Osteoarthritis of the knee.",
            True,
        ),
        (
            "joint that can be reached through the skin",
            "Voltaren gel 1%",
            "Osteoarthritis of the lumbar spine. The knee is tender.",
            False,
        ),
        ("joint that can be reached through the skin", "Voltaren gel 1%", "The knee is tender.", None),
        (
            "operation, device or program that testing comes before",
            "Psychological evaluation",
            "No surgery and no implant is planned.",
            False,
        ),
        (
            "not tested before, or changed since",
            "Psychological evaluation",
            "She had a psychological evaluation in 2011 and has new suicidal thoughts.",
            True,
        ),
        ("worse than before", "MRI of the lumbar spine", "There is progressive weakness of the leg.", True),
        ("worse than before", "MRI of the lumbar spine", "The pain of the knee has worsened.", None),
        ("no recent urine test", "Urine drug screen", "An MRI was done two months ago.", None),
        ("no recent urine test", "Urine drug screen", "UDS 1/5/15. She was seen on 9/5/15.", True),
        ("low risk to stomach", "Mobic 15mg #30", "She takes warfarin.", False),
        ("pain relieved by the drug", "Norco 10/325mg #60", "Pills and therapy cut his pain by half.", True),
        ("sleep drugs tried", "Sleep study", "Restoril was tried for his insomnia.", True),
        ("sleep drugs tried", "Sleep study", "Xanax was tried for his panic.", None),
        ("sleep disturbed", "Restoril 15mg #30", "She lies awake for hours.", True),
        ("sleep disturbed", "Restoril 15mg #30", "She sleeps through until six.", False),
        (
            "question to the laboratory",
            "CRP",
            "The knee is hot; an infection is feared and fever is 102.",
            True,
        ),
        ("question to the laboratory", "CRP", "The tests were ordered by mistake.", False),
        (
            "neuropathic pain",
            "Gabapentin 300mg #90",
            "Pain radiates down the leg and the Achilles reflex is absent.",
            True,
        ),
        ("neuropathic pain", "Gabapentin 300mg #90", "The Achilles reflex is absent.", None),
        ("neuropathic pain", "Gabapentin 300mg #90", "Burning or electric pain is denied by him.", False),
        ("muscle spasm", "Soma #30", "Spasm was felt, where none had been seen before.", True),
        ("facet joint pain", "Lumbar facet injection", "Nothing on exam suggests facet pain.", False),
        (
            "four As reviewed",
            "Norco 10/325mg #60",
            "Norco halves the pain and lets her cook. There are no side effects and no signs of misuse.",
            True,
        ),
        ("objective deficit on examination", "Gabapentin 300mg #90", "Pinprick is lost in the foot.", True),
        ("objective deficit on examination", "Gabapentin 300mg #90", "The foot is numb.", None),
        (
            "objective deficit on examination",
            "Gabapentin 300mg #90",
            "There are no neurological deficits.",
            False,
        ),
        (
            "injury of less than three months",
            "Naproxen 550mg #60",
            "The injury occurred 6 weeks ago. He has back pain.",
            True,
        ),
        ("injury of less than three months", "Naproxen 550mg #60", "Chronic low back pain.", False),
        ("complaint relieved by the drug", "Prilosec 20mg #60", "Prilosec relieves his heartburn.", True),
        ("complaint relieved by the drug", "Prilosec 20mg #60", "Prilosec did not help.", False),
        ("complaint relieved by the drug", "Prilosec 20mg #60", "He takes Prilosec.", None),
        ("conservative care tried", "Lumbar epidural injection", "No conservative care was tried.", False),
        (
            "conservative care tried",
            "Lumbar epidural injection",
            "Conservative care has been exhausted.",
            True,
        ),
        (
            "drug whose use is monitored",
            "Comprehensive metabolic panel",
            "He has taken naproxen for six months.",
            True,
        ),
        ("drug whose use is monitored", "Comprehensive metabolic panel", "He takes no NSAIDs.", False),
        (
            "tested as often as the risk asks",
            "Urine drug screen",
            "UDS was done in May. The risk of misuse is low.",
            False,
        ),
        (
            "tested as often as the risk asks",
            "Urine drug screen",
            "He takes Norco. The ORT shows high risk.",
            True,
        ),
        (
            "pain and function both better",
            "Methadone 10mg #90",
            "Methadone cuts pain by half; he gardens again.",
            True,
        ),
        (
            "pain and function both better",
            "Methadone 10mg #90",
            "Pain is 9/10 despite methadone, and he is housebound.",
            False,
        ),
        ("weaning under way", "Xanax 1mg #30", "The Xanax is being tapered by a tablet a month.", True),
        ("no misuse", "Klonopin 0.5mg #60", "He sold some of his tablets.", False),
        ("first-line drugs failed", "Norco 5/325mg #60", "Gabapentin and nortriptyline have failed.", True),
        ("first-line drugs failed", "Celebrex 200mg #30", "Gabapentin and nortriptyline have failed.", True),
        ("first-line drugs failed", "Naproxen 550mg #60", "Gabapentin and nortriptyline have failed.", None),
        (
            "first-line drugs failed",
            "Soma 350mg #30",
            "The patient has never tried gabapentin or an antidepressant.",
            False,
        ),
        (
            "drugs failed",
            "Lumbar epidural steroid injection at L5-S1",
            "Gabapentin and nortriptyline have failed.",
            True,
        ),
        (
            "drugs failed",
            "TENS unit purchase",
            "The patient has never tried gabapentin or an antidepressant.",
            False,
        ),
        (
            "motion limited",
            "Physical therapy 2x6 for the left shoulder",
            "Flexion of the shoulder is limited to 90 degrees.",
            True,
        ),
        (
            "motion limited",
            "Physical therapy 2x6 for the left shoulder",
            "There is full range of motion of the shoulder.",
            False,
        ),
        (
            "not yet exercising at home",
            "Physical therapy 2x6 for the left shoulder",
            "She does home exercises daily.",
            False,
        ),
        (
            "not yet exercising at home",
            "Physical therapy 2x6 for the left shoulder",
            "No home exercise program has been taught.",
            True,
        ),
        ("used beside exercise", "TENS unit purchase", "She does home exercises daily.", True),
        ("red flags", "Neurology consultation", "There is saddle anesthesia.", True),
        ("weakness", "MRI of the lumbar spine", "Strength of the left leg is 4/5.", True),
        ("weakness", "MRI of the lumbar spine", "Strength is 5/5 in both legs.", False),
        ("weakness", "CT of the head", "Strength is 5/5 in both legs.", None),
        (
            "not studied before",
            "MRI of the lumbar spine",
            "An MRI of the lumbar spine was done in 2012.",
            False,
        ),
        ("not studied before", "MRI of the lumbar spine", "An MRI of the right knee was done in 2012.", True),
        ("not studied before", "EMG/NCV of both arms", "No EMG has been done.", True),
        ("plain films first", "MRI of the right knee", "X-rays of the knee were normal.", True),
        ("plain films first", "MRI of the right knee", "No x-rays have been taken.", False),
        ("operation planned", "Zofran 4mg #10", "Arthroscopy of the knee is scheduled.", True),
        ("operation planned", "Zofran 4mg #10", "No surgery is planned.", False),
        ("operation planned", "CBC", "Arthroscopy of the knee is scheduled.", True),
        ("operation planned", "CBC", "No surgery is planned.", None),
        ("no operation ahead", "Functional restoration program 20 days", "No surgery is planned.", True),
        (
            "no operation ahead",
            "Functional capacity evaluation",
            "Arthroscopy of the knee is scheduled.",
            False,
        ),
        (
            "osteoarthritis of the joint",
            "Synvisc injection to the right knee",
            "There is osteoarthritis of the right knee.",
            True,
        ),
        (
            "osteoarthritis of the joint",
            "Cortisone injection to the right knee",
            "There is no osteoarthritis of the right knee.",
            False,
        ),
        (
            "osteoarthritis of the joint",
            "Right total knee arthroplasty",
            "There is osteoarthritis of the right knee.",
            True,
        ),
        (
            "osteoarthritis of the joint",
            "Open repair of the right quadriceps tendon",
            "There is osteoarthritis of the right knee.",
            None,
        ),
        ("weight allows the operation", "Right total knee arthroplasty", "BMI is 31.", True),
        ("weight allows the operation", "Right total knee arthroplasty", "BMI is 44.", False),
        (
            "no osteoarthritis of the joint",
            "Arthroscopy of the right knee",
            "There is osteoarthritis of the right knee.",
            False,
        ),
        (
            "joint that locks or gives way",
            "Arthroscopy of the right knee",
            "The knee locks on the stairs.",
            True,
        ),
        (
            "joint that locks or gives way",
            "MRI of the right knee",
            "There is no locking or giving way.",
            False,
        ),
        (
            "joint that locks or gives way",
            "Arthroscopy of the right knee",
            "Popping and clicking of the right knee.",
            None,
        ),
        (
            "signs in the joint",
            "Arthroscopy of the right knee",
            "The patient denies locking or giving way.",
            None,
        ),
        (
            "signs in the joint",
            "Arthroscopy of the right knee",
            "The right knee buckles.",
            None,
        ),
        (
            "signs in the joint",
            "Arthroscopy of the right knee",
            "The right knee is unstable to valgus stress.",
            True,
        ),
        (
            "signs in the joint",
            "Arthroscopy of the right knee",
            "The right knee is stable to valgus stress.",
            False,
        ),
        (
            "anti-inflammatory in use",
            "Omeprazole 20mg #60",
            "History of GERD with NSAID use.",
            None,
        ),
        (
            "change since the last study",
            "MRI of the lumbar spine",
            "MRI in 2010 showed L4-5 disc bulge.",
            None,
        ),
        (
            "change since the last study",
            "MRI of the lumbar spine",
            "Prior MRI 2010. Symptoms have progressed.",
            True,
        ),
        (
            "change since the last study",
            "MRI of the lumbar spine",
            "MRI in 2010 showed a bulge. There has been no change in symptoms since.",
            False,
        ),
        (
            "facet joint pain",
            "Lumbar radiofrequency ablation",
            "Diagnostic medial branch block gave 50-60% relief.",
            None,
        ),
        (
            "imaging shows the cause",
            "L4-5 lumbar fusion",
            "Flexion-extension films show no instability; spondylolisthesis grade 1 at L4-5.",
            True,
        ),
        (
            "imaging shows the cause",
            "L4-5 lumbar fusion",
            "MRI shows disc desiccation at L4-5.",
            None,
        ),
        (
            "imaging shows the cause",
            "C5-6 cervical fusion",
            "MRI of the cervical spine shows C5-6 disc herniation.",
            True,
        ),
        (
            "imaging shows the cause",
            "L4-5 lumbar fusion",
            "MRI of the lumbar spine was normal.",
            False,
        ),
        (
            "weight allows the operation",
            "Right total knee arthroplasty",
            "BMI is less than 40.",
            None,
        ),
        (
            "weight allows the operation",
            "Right total knee arthroplasty",
            "BMI exceeds 40.",
            False,
        ),
        (
            "weight allows the operation",
            "Right total knee arthroplasty",
            "He is obese. BMI is less than 40.",
            None,
        ),
        (
            "weight allows the operation",
            "Right total knee arthroplasty",
            "He is morbidly obese.",
            False,
        ),
        (
            "operation planned",
            "Post-op knee brace",
            "Surgery has been denied.",
            None,
        ),
        (
            "operation planned",
            "Post-op knee brace",
            "Surgery was denied and then approved on appeal.",
            True,
        ),
        (
            "recent operation",
            "Physical therapy 12 visits for the knee",
            "Past medical history: none.",
            None,
        ),
        (
            "confined to the home",
            "Home health aide 4 hours a day",
            "Patient needs wound care.",
            None,
        ),
        (
            "walking impaired",
            "Home health aide 4 hours a day",
            "The patient is nonambulatory.",
            True,
        ),
        (
            "pain relieved by the drug",
            "Tramadol 50mg #90",
            "Without tramadol, pain is 9/10. With tramadol, it is 5/10.",
            True,
        ),
        (
            "pain relieved by the drug",
            "Tramadol 50mg #90",
            "Without tramadol, pain is 9/10. With tramadol, it is 8/10.",
            False,
        ),
        (
            "returned to work",
            "Work conditioning 10 visits",
            "Past treatment included work restrictions.",
            None,
        ),
        (
            "returned to work",
            "Work conditioning 10 visits",
            "She is on modified duty with work restrictions.",
            True,
        ),
        (
            "signs of nerve entrapment",
            "EMG/NCV of both arms",
            "Tinel's and Phalen's signs are positive at the wrist.",
            True,
        ),
        (
            "signs of nerve entrapment",
            "Right carpal tunnel release",
            "Tinel's and Phalen's signs are negative at the wrist.",
            False,
        ),
        (
            "signs of nerve entrapment",
            "Open repair of the right rotator cuff",
            "Tinel's and Phalen's signs are negative at the wrist.",
            None,
        ),
        ("nerve tests show the cause", "Right carpal tunnel release", "No EMG has been done.", False),
        (
            "nerve tests show the cause",
            "Lumbar epidural steroid injection at L5-S1",
            "An EMG showed L5 radiculopathy.",
            True,
        ),
        (
            "return to work tried",
            "Functional capacity evaluation",
            "An attempt to return to work failed.",
            True,
        ),
        ("no psychiatric cause", "Sleep study", "She is depressed and anxious.", False),
        ("no psychiatric cause", "Sleep study", "She denies depression.", True),
        ("signs of sleep apnea", "Sleep study", "She is obese.", True),
        ("motivated", "Functional capacity evaluation", "He is motivated to return to work.", True),
        ("tablets do harm", "Voltaren gel 1%", "He had a gastric ulcer.", True),
        ("tablets do harm", "Voltaren gel 1%", "He has no gastrointestinal complaints.", False),
        ("neuropathic pain", "TENS unit purchase", "He has neuropathic pain of the foot.", True),
        ("acute flare", "Xanax 1mg #30", "There is no acute flare-up.", False),
        ("radicular symptoms", "Gabapentin 300mg #90", "There is no radiating pain.", False),
        (
            "imaging shows the cause",
            "Lumbar epidural steroid injection at L5-S1",
            "Imaging was unremarkable.",
            False,
        ),
        ("no sedative beside it", "Norco 10/325mg #60", "She takes Xanax for sleep.", False),
        ("no sedative beside it", "Norco 10/325mg #60", "Xanax was stopped last year.", True),
        ("anti-inflammatory in use", "Prilosec 20mg #30", "The patient avoids NSAIDs.", False),
        ("no opioid beside it", "Xanax 1mg #30", "She takes Norco for pain.", False),
        ("walking impaired", "Transportation to visits", "He walks with a cane.", True),
        ("walking impaired", "Home health aide 4 hours a day", "Gait is normal.", False),
        ("sleep disturbed", "Trazodone 50mg #30", "She lies awake for hours.", True),
        ("operation requested or granted", "Cold therapy unit", "No surgery is planned.", False),
        (
            "psychological clearance",
            "Lumbar fusion L4-L5",
            "There has been no psychological evaluation.",
            False,
        ),
        ("no recent laboratory test", "CBC", "The last blood tests were 8 months ago.", True),
        ("no recent laboratory test", "CBC", "Blood tests were done in May.", False),
        ("returned to work", "Acupuncture x 6", "He works with restrictions.", True),
        ("no use of a year or more", "Soma 350mg #30", "She has taken Soma for six years.", False),
        ("no use of a year or more", "Soma 350mg #30", "She has taken Soma for 3 months.", True),
        ("no use of a year or more", "Soma 350mg #30", "She has taken Soma for 8 months.", None),
        ("drug tolerated", "Prilosec 20mg #60", "The medications cause stomach upset.", None),
        ("side effects to be treated", "Prilosec 20mg #60", "The medications cause stomach upset.", True),
        ("side effects to be treated", "Colace 100mg #60", "There are no side effects.", False),
        ("tablets do harm", "Voltaren gel 1%", "The tablets upset her stomach.", True),
        ("low risk of misuse", "Norco 10/325mg #60", "The ORT shows high risk.", False),
        ("low risk of misuse", "Ambien 10mg #30", "The risk of misuse is low.", True),
        (
            "osteoarthritis of the joint",
            "Naproxen 550mg #60",
            "There is osteoarthritis of the right knee.",
            True,
        ),
        ("less weight on the joints", "Aquatic therapy x 8", "She is obese.", True),
        (
            "no deficit on examination",
            "Medial branch blocks L4-5 and L5-S1",
            "Strength of the left leg is 4/5.",
            False,
        ),
        (
            "no deficit on examination",
            "Trigger point injections x 3",
            "There are no neurological deficits.",
            True,
        ),
        (
            "objective deficit on examination",
            "Trigger point injections x 3",
            "There are no neurological deficits.",
            None,
        ),
        (
            "drugs reduced or not tolerated",
            "Interferential unit, 30 day rental",
            "The medications cause stomach upset.",
            True,
        ),
        (
            "weaning under way",
            "Functional restoration program 20 days",
            "Norco is being tapered by a tablet a month.",
            True,
        ),
        ("recent operation", "X-ray of the right knee", "He had knee surgery 6 weeks ago.", True),
        ("recent operation", "Home health aide 4 hours a day", "There has been no surgery.", False),
        ("disease to be watched", "CBC", "He has diabetes.", True),
        ("risk at the operation", "Preoperative medical clearance", "He takes metformin.", True),
        ("conservative care failed", "Functional capacity evaluation", "Conservative care has failed.", True),
        (
            "pain for three months",
            "Functional capacity evaluation",
            "He has had back pain for six years.",
            True,
        ),
        ("returned to work", "Functional capacity evaluation", "He works with restrictions.", True),
        (
            "not shown by nerve tests already",
            "EMG/NCV of both arms",
            "An EMG showed C6 radiculopathy.",
            False,
        ),
        (
            "steroid injection tried",
            "Synvisc injection to the right knee",
            "A cortisone injection of the right knee gave relief for a week.",
            True,
        ),
        (
            "steroid injection tried",
            "Right carpal tunnel release",
            "There has been no steroid injection.",
            False,
        ),
        (
            "steroid injection tried",
            "Open repair of the right quadriceps tendon",
            "There has been no steroid injection.",
            None,
        ),
        (
            "instability of the spine",
            "Lumbar fusion L4-L5",
            "There is no instability on flexion and extension.",
            False,
        ),
        ("splint tried", "Right carpal tunnel release", "A wrist brace was worn at night.", True),
        (
            "failed back or regional pain syndrome",
            "Spinal cord stimulator trial",
            "He has failed back surgery syndrome.",
            True,
        ),
        (
            "failed back or regional pain syndrome",
            "Spinal cord stimulator trial",
            "There has been no surgery.",
            False,
        ),
        (
            "imaging shows the cause",
            "Consultation with a spine surgeon",
            "An MRI showed a herniation at L4-5.",
            True,
        ),
        ("need for support", "Front wheeled walker", "She is confined to the home.", True),
        ("weight to be lost", "Gym membership 6 months", "BMI is 38.", True),
        ("weight to be lost", "Functional restoration program 20 days", "BMI is 38.", None),
        (
            "home exercise does not suffice",
            "Gym membership 6 months",
            "She does home exercises daily.",
            False,
        ),
        ("walking impaired", "Aquatic therapy x 8", "Gait is normal.", False),
        (
            "high dose, or a sedative beside it",
            "Urine drug screen",
            "The morphine equivalent dose is 120 mg a day.",
            True,
        ),
        ("high risk of misuse", "Urine drug screen", "The ORT shows high risk.", True),
        ("high risk of misuse", "Urine drug screen", "He was treated for an addiction to heroin.", True),
        ("high risk of misuse", "Urine drug screen", "He denies any history of drug abuse.", False),
        (
            "recent operation",
            "Post-operative physical therapy 3x4 for the right knee",
            "He had knee surgery 6 weeks ago.",
            True,
        ),
        (
            "function improved with earlier visits",
            "Post-operative physical therapy 3x4 for the right knee",
            "Physical therapy allows him to climb stairs.",
            True,
        ),
        ("depression", "Zoloft 50mg #30", "She is depressed.", True),
        ("anxiety", "Xanax 1mg #30", "She is anxious.", True),
        ("radicular symptoms", "Lumbar epidural steroid injection at L5-S1", "The foot is numb.", None),
        ("radicular symptoms", "EMG/NCV of both legs", "The foot is numb.", True),
        ("no radicular symptoms", "Medial branch blocks L4-5", "Pain radiates down the leg.", False),
        (
            "motion limited",
            "MRI of the right shoulder",
            "Abduction of the right shoulder is limited to 70 degrees.",
            True,
        ),
        (
            "signs in the joint",
            "MRI of the right shoulder",
            "Abduction of the right shoulder is limited to 70 degrees.",
            None,
        ),
        ("muscle spasm", "Massage therapy x 6", "There is spasm of the neck.", True),
        ("red flags", "Lumbar laminectomy L4-5", "There is saddle anesthesia.", True),
        ("risk at the operation", "Preoperative medical clearance", "She is obese.", None),
        (
            "drugs reduced or not tolerated",
            "Acupuncture x 6",
            "Norco is being tapered; there are no side effects.",
            True,
        ),
        ("trial with benefit", "TENS unit purchase", "The home stimulator trial gave relief of 42%.", True),
        ("trial with benefit", "H-wave unit purchase", "A trial of TENS gave relief.", True),
        ("trial with benefit", "H-wave unit purchase", "A trial of TENS gave no relief.", None),
        (
            "operation requested or granted",
            "Vascutherm rental",
            "Arthroscopy of the knee is scheduled.",
            True,
        ),
        ("operation planned", "MRI of the right knee", "There has been no surgery.", None),
        ("nobody at home who helps", "Home health aide 4 hours a day", "She lives alone.", True),
        ("nobody at home who helps", "Transportation to visits", "Her husband helps her.", False),
        ("no deficit on examination", "Chiropractic x 6", "Strength of the left leg is 4/5.", False),
        ("not had before", "Acupuncture x 6", "He had acupuncture in 2012.", False),
        ("not had before", "Acupuncture x 6", "This would be the first course of acupuncture.", True),
        ("not had before", "Acupuncture x 6", "Soma was added today.", None),
        (
            "few visits had",
            "Physical therapy 2x6 for the left shoulder",
            "He has had 30 visits of physical therapy for the shoulder.",
            False,
        ),
        (
            "few visits had",
            "Post-operative physical therapy 3x4 for the right knee",
            "He has had 8 visits of physical therapy for the knee.",
            True,
        ),
        ("opioid in use", "Follow up visit with pain management", "He takes Norco.", True),
        ("acute flare", "Tramadol 50mg #60", "He has an acute flare-up of back pain.", True),
        ("acute flare", "Lumbar brace", "There is no acute flare-up.", False),
        (
            "osteoarthritis of the joint",
            "Voltaren gel 1%",
            "There is osteoarthritis of the right knee.",
            True,
        ),
        ("used beside exercise", "Massage therapy x 6", "She does home exercises daily.", True),
        ("returned to work", "Naproxen 550mg #60", "He works with restrictions.", True),
        ("no opioid beside it", "Soma 350mg #30", "She takes Norco for pain.", False),
        (
            "evaluated before the program",
            "Functional restoration program 20 days",
            "There has been no psychological evaluation.",
            False,
        ),
        ("depression", "Ambien 10mg #30", "She is depressed.", True),
        ("operation planned", "Front wheeled walker", "Arthroscopy of the knee is scheduled.", True),
        ("sleep disturbed", "Psychological evaluation", "She lies awake for hours.", True),
        ("no misuse", "Soma 350mg #30", "He sold some of his tablets.", False),
        ("disease to be watched", "Gym membership 6 months", "He has diabetes.", True),
    ],
)
def test_what_a_summary_answers_of_an_item(
    name: str, request_words: str, summary: str, is_met: bool | None
) -> None:
    assert judged(request_words, summary).get(name) is is_met


DEFICIT = "objective deficit on examination"
IMAGED = "imaging shows the cause"
CUFF = "Right shoulder arthroscopic rotator cuff repair"
NERVES = "nerve tests show the cause"
ESI = "Right L4-5 transforaminal epidural steroid injection"
RELIEVED = "pain relieved by the drug"
CREAM = "Flurbiprofen 20% cyclobenzaprine 4% lidocaine 5% cream 180gm"


@pytest.mark.parametrize(
    ("name", "request_words", "summary", "is_met"),
    [
        (DEFICIT, "MRI of the lumbar spine", "There are no neurological deficits in the legs.", False),
        (DEFICIT, "X-ray of the left shoulder", "There are no neurological deficits in the legs.", None),
        (DEFICIT, "Arthroscopy of the right knee", "Motor and sensory were intact.", None),
        (DEFICIT, "MRI of the lumbar spine", "She complains of weakness of the leg.", None),
        (DEFICIT, "MRI of the right knee", "There is atrophy of the right knee.", True),
        (DEFICIT, "MRI of the right knee", "He complains of giving way of the right knee.", None),
        (IMAGED, CUFF, "An MRI found a full thickness tear of the rotator cuff.", True),
        (IMAGED, CUFF, "An MRI found tendinosis and no rotator cuff tear.", False),
        (IMAGED, CUFF, "An MRI found tendinosis.", None),
        (IMAGED, "Right shoulder arthroscopy", "An MRI found tendinosis and no rotator cuff tear.", True),
        ("symptoms for four weeks", "CT of the head", "He has had headaches for 2 weeks.", None),
        ("symptoms for four weeks", "MRI of the neck", "He has had neck pain for 2 weeks.", False),
        ("signs of a brain injury", "CT of the head", "He had a concussion and is dizzy.", True),
        ("signs of a brain injury", "MRI of the neck", "He had a concussion and is dizzy.", None),
        ("no tobacco before the operation", "Lumbar fusion L4-L5", "He smokes.", False),
        ("no tobacco before the operation", "Intrathecal pain pump implantation", "He smokes.", None),
        ("first trial for a stated indication", "Motrin 800mg #60", "He takes Norco. Knee sprain.", True),
        ("first trial for a stated indication", "Motrin 800mg #60", "He takes Mobic. Knee sprain.", None),
        (NERVES, ESI, "EMG of both lower extremities found a right L5 radiculopathy.", True),
        (NERVES, ESI, "NCV of the right lower extremity was unremarkable.", False),
        (NERVES, ESI, "EMG of the left lower extremity found an L5 radiculopathy.", None),
        (NERVES, ESI, "EMG of the upper extremities found a C6 radiculopathy.", None),
        (NERVES, "C5-6 epidural injection", "EMG of the arms found a C6 radiculopathy.", True),
        (NERVES, "C5-6 epidural injection", "EMG of the arms found carpal tunnel syndrome.", None),
        (RELIEVED, CREAM, "She takes naproxen. The topical cream eases her pain by half.", True),
        (RELIEVED, CREAM, "Gabapentin failed. The topical cream did not ease her pain.", False),
        ("first trial for a stated indication", CREAM, "Norco failed. The topical cream helps.", None),
    ],
)
def test_criteria_are_asked_where_they_bear_on_the_item(
    name: str, request_words: str, summary: str, is_met: bool | None
) -> None:
    assert judged(request_words, summary).get(name) is is_met


def test_what_was_authorized_counts_for_the_length_of_a_course() -> None:
    record = read_record("He has spasm.")
    rest, whole = "Cyclobenzaprine 7.5mg #27", "Cyclobenzaprine 7.5mg #90"
    alone = criteria_judged(rest, record, bearing(rest, record))
    assert alone["quantity for a short course"] is True
    partly = criteria_judged(rest, record, bearing(rest, record, original=whole), whole)
    assert partly["quantity for a short course"] is False


THERAPY = ("Rehabilitation", "Rehabilitation: Chiropractic")


@pytest.mark.parametrize(
    ("keys", "said", "criterion", "facts"),
    [
        # Between the bounds: six visits or fewer are met, twelve or more are not.
        (THERAPY, {"n_sessions_requested": 8}, "visits of one course", ["n_sessions_requested"]),
        (THERAPY, {"n_sessions_requested": 6}, "visits of one course", []),
        (THERAPY, {"n_sessions_requested": 12}, "visits of one course", []),
        # Twelve visits had are no first course; four may be.
        (THERAPY, {"n_care_sessions_had": 4, "is_care_had": 1}, "first course", ["n_care_sessions_had"]),
        (THERAPY, {"n_care_sessions_had": 0}, "first course", ["n_care_sessions_had"]),
        (THERAPY, {"n_care_sessions_had": 12}, "first course", []),
        # The rule asks for more than the amount: visits of an unknown number were had before.
        (
            THERAPY,
            {"n_sessions_total": 8, "is_care_had": 1},
            "visits within the usual number",
            ["n_sessions_total", "is_care_had"],
        ),
        (("Injection",), {"n_relief_percent": 60}, "relief by an earlier injection", ["n_relief_percent"]),
        # What a rule asks only beside an amount leaves nothing open by itself.
        (
            ("Rehabilitation", "Rehabilitation: PT/OT"),
            {"n_months_since_surgery": 3, "is_care_had": 1},
            "visits within the usual number",
            [],
        ),
        (THERAPY, {}, "visits of one course", []),
    ],
)
def test_what_is_stated_and_decides_nothing_is_left_open(keys, said, criterion, facts) -> None:
    terms = left_open(keys, said).get(criterion, ())
    assert [term.fact for term in terms] == facts and all(term.holds(said) for term in terms)
    if facts:
        assert judge(keys, said)[criterion] is None


def test_an_amount_that_a_rule_begins_with_is_never_passed_over() -> None:
    for criterion in criteria():
        keys = tuple(criterion.requested)
        for terms in (*criterion.met, *criterion.unmet):
            first = next(term for term in terms if term.sign != "~")
            for step in (-0.01, 0.01) if first.is_amount else ():
                said = {first.fact: first.bound + step}
                is_met = judge(keys, said).get(criterion.name, "not asked")
                is_open = criterion.name in left_open(keys, said)
                assert is_open is (is_met is None), (criterion.name, said)


def test_what_is_found_at_the_arms_is_not_of_the_legs() -> None:
    summary = "The neck is stiff and tender, and sensation is decreased over the right thigh."
    assert judged("Epidural steroid injection at C4-5", summary)["objective deficit on examination"] is None
    assert judged("Epidural steroid injection at L4-5", summary)["objective deficit on examination"]


@pytest.mark.parametrize(
    ("summary", "is_met"),
    [
        ("To date, care of 29 visits was delivered.", False),
        ("Records show five previous sessions.", True),
        ("A total of 28 visits have been authorized and attended.", False),
        ("Six visits were authorized.", None),
        ("Thirty visits were authorized but not used.", True),
        ("Thirty visits were authorized, of which six were used.", None),
    ],
)
def test_visits_that_no_therapy_is_named_with_are_counted(summary: str, is_met: bool | None) -> None:
    assert judged("Acupuncture x 6", summary)["few visits had"] is is_met


@pytest.mark.parametrize(
    ("name", "request_words", "summary", "is_met"),
    [
        (
            *("drugs reduced or not tolerated", "Acupuncture x 6"),
            *("Her intake of pain medication has dropped with acupuncture.", True),
        ),
        (
            *("drugs reduced or not tolerated", "TENS unit purchase"),
            *("The TENS unit has reduced his need for tramadol.", True),
        ),
        (
            *("drugs reduced or not tolerated", "Acupuncture x 6"),
            *("Acupuncture is hoped to lower her use of Norco.", None),
        ),
        (
            *("function limited", "Functional restoration program"),
            *("He has a marked loss of ability to function independently.", True),
        ),
        (
            *("evaluated before the program", "Functional restoration program"),
            *("She was evaluated for the FRP in March.", True),
        ),
        (
            *("evaluated before the program", "Functional restoration program"),
            *("She will be evaluated for the FRP in March.", None),
        ),
        ("earlier visits helped", "Physical therapy x 6", "He thinks therapy is helping.", True),
        ("earlier visits helped", "CBT x 6", "She had 4 sessions of CBT and benefited from therapy.", True),
        ("earlier visits helped", "Physical therapy x 6", "He may benefit from therapy.", None),
        ("returned to work", "Physical therapy x 6", "She was given work restrictions.", True),
        ("need for support", "LSO brace", "The diagnosis is lytic spondylolisthesis.", True),
        ("need for support", "Lumbar brace", "Films showed no spondylolisthesis.", None),
        ("need for support", "Wrist brace", "The diagnosis is lytic spondylolisthesis of L5.", None),
    ],
)
def test_what_came_with_care_meets_what_is_asked_of_it(
    name: str, request_words: str, summary: str, is_met: bool | None
) -> None:
    assert judged(request_words, summary).get(name) is is_met


@pytest.mark.parametrize(
    ("summary", "is_met"),
    [
        ("He takes aspirin 81 mg for his heart.", None),
        ("He takes naproxen. He takes aspirin 81 mg for his heart.", True),
        ("She takes warfarin.", None),
        ("She takes warfarin and ibuprofen.", True),
    ],
)
def test_aspirin_for_the_heart_is_a_risk_beside_an_anti_inflammatory_only(
    summary: str, is_met: bool | None
) -> None:
    found = judged("Omeprazole 20mg", summary)
    for name in (
        "risk to the stomach",
        "stomach at risk from an anti-inflammatory",
        "anti-inflammatory in use",
    ):
        assert found.get(name) is is_met, name
    assert judged("Naproxen 550mg", "He takes aspirin 81 mg.")["low risk to stomach"] is False
