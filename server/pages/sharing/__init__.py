"""What many pages have in common, made once: the links to the things of a release, and the code of templates."""
