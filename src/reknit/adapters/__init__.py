"""What reaches outside: Spark, model endpoints, gazetteer files, OCR (comes with a later issue)."""
