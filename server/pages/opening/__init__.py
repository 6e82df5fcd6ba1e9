"""What the home page shows first: questions with their answers, where sources disagree, and what is new."""
