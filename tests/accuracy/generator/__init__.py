"""Music made from a seed, with exact truth. Unkind on purpose.

What counts as what:

* **Tempo and beat** are the drummer's: the snare falls on 2 and 4 (on 2 and 3 of three), whatever the hi-hat does. A
  stretch in half or double time keeps the beat of its song. In 6/8 the beat is the dotted crotchet.
* **A drop** is the first beat of a louder part, reached by a *gap* (nearly silent for a quarter of a beat to four
  beats), a *break* (drums and bass out for two bars or more) or a *crescendo* (level and density rise for four bars or
  more, the band playing on).
* **Not a drop**: stop-start grooves, fills, a section that merely begins, the first note of the song, swells without
  a beat. Where opinions may differ (a quiet verse that becomes a loud chorus without anything before it, the band
  coming in after a quiet beginning, a single stop within a part) a drop found is forgiven and none is asked for.
"""
