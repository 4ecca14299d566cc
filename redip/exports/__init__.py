"""What one takes away: the acta and the Bitácora on paper and in Word, a meeting for the calendar."""
