"""What a sentence tells of complaints, pain, findings and studies."""
