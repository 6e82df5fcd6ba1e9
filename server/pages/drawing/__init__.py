"""What a release holds as pictures: a timeline, targets, who signed what with whom, which documents agree."""
