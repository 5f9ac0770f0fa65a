"""Hop on one leg, and hold the landing. The rules judge the manner. Numbers: clinical-rules 1.5 unless a rule says otherwise."""

from formcheck.exercises import _rule_library as shared
from formcheck.spec.exercise import (
    Demonstration,
    DistanceRatio,
    Exercise,
    HipDescent,
    Inclination,
    KneeFlexion,
    LineOffset,
    RepCycle,
    Text,
)  # fmt: skip

SPEC = Exercise(
    id="hop_and_hold",
    name=Text(en="Hop and hold", da="Hop og hold"),
    purpose=Text(en="Control of knee, hip and trunk when you land on one leg.", da="Kontrol over knæ, hofte og krop, når du lander på ét ben."),
    steps=(
        Text(en="Stand on one leg, hands on your hips.", da="Stå på ét ben med hænderne på hofterne."),
        Text(en="Bend a little and hop straight up.", da="Bøj lidt i knæet, og hop lige op."),
        Text(en="Land softly on the same foot, knee over the foot.", da="Land blødt på den samme fod med knæet over foden."),
        Text(en="Hold for two seconds, then put the other foot down.", da="Hold i to sekunder, og sæt så den anden fod ned."),
    ),
    equipment=Text(en="An even floor.", da="Et jævnt gulv."),
    support=Text(en="A wall or a chair in reach.", da="En væg eller en stol inden for rækkevidde."),
    easier=Text(en="Hop only a few centimetres high.", da="Hop kun få centimeter op."),
    harder=Text(en="Hop to the side and hold.", da="Hop til siden, og hold."),
    demonstration=Demonstration(
        sample=None,
        alt=Text(en="A stick figure hops on one leg and holds the landing, seen from the front.", da="En tændstikfigur hopper på ét ben og holder landingen, set forfra."),
    ),
    views=("front",),
    train_view="front",
    signals={
        "hip_drop": HipDescent(),
        "knee_flexion": KneeFlexion(side="front"),
        "knee_medial_to_foot": DistanceRatio(p="front.knee", q="front.foot_index", per="shank", sign="medial"),
        "knee_projection_angle": LineOffset(point="front.knee", a="front.hip", b="front.ankle", sign="medial"),
        "pelvis": Inclination(start="rear.hip", end="front.hip", reference="horizontal", sign="up"),
        "side_lean": Inclination(start="mid.hip", end="mid.shoulder", sign="absolute"),
    },
    movement=RepCycle(
        signal="hip_drop", depth_signal="knee_flexion", movement_pattern="hop", full_excursion_deg=60, min_excursion_deg=18, small_excursion_deg=12,
        share_of_usual=0.3, min_duration_s=0.3, settle_s=2.0,
        measured=(shared.KNEE_OVER_FOOT_AT_TURN, shared.SIDE_LEAN_AT_TURN, shared.PROJECTION_AT_TURN),
    ),
    rules=(
        shared.STUCK,
        shared.SOFT_LANDING,
        shared.ONE_KNEE_IN,
        shared.PELVIC_DROP,
        shared.ONE_LEG_SIDE_LEAN,
    ),
)  # fmt: skip
