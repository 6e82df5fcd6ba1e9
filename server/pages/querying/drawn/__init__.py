"""What an answer looks like as a picture: which picture its columns suit, and what of it is drawn."""
