"""How tables and trees are laid out where they are not plain: header rows, merged cells, columns with rules of their
own, references that nothing answers to."""
