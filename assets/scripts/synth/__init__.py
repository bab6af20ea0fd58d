"""A small synthesiser for the demo music: strings, amplifier, drum kit, tones, effects, mastering; numpy only."""
