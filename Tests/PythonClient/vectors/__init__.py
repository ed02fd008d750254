"""The generator of Protocol/vectors: what each structure of the document looks like in bytes, good and bad."""
