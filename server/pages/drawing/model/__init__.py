"""What is drawn, read from a release into frozen values that do not depend on a language."""
