"""Insights into finished sets: shares, trends, best and worst repetition, comparisons, and recordings split into sets.

Pure functions of a record and its trace. They count and relate the values of the record, and neither measure nor judge.
"""

from formcheck.insights.change import Change, Comparison, Obstacle, compare, depth_trend
from formcheck.insights.rejudgement import BothVerdicts, side_by_side
from formcheck.insights.repetitions import MAIN_ANGLE, Aligned, Extremes, aligned, best_and_worst
from formcheck.insights.setups import same_setup, smallest_real_difference
from formcheck.insights.shares import GROUPS, Group, Share, group_of, shares
from formcheck.insights.side_comparison import best_holds, both_sides, one_side_seen, side_differences
from formcheck.insights.splitting import Part, only, parts
from formcheck.insights.trend import Trend, TrendPoint, trends

__all__ = [
    "GROUPS",
    "MAIN_ANGLE",
    "Aligned",
    "BothVerdicts",
    "Change",
    "Comparison",
    "Extremes",
    "Group",
    "Obstacle",
    "Part",
    "Share",
    "Trend",
    "TrendPoint",
    "aligned",
    "best_and_worst",
    "best_holds",
    "both_sides",
    "compare",
    "depth_trend",
    "group_of",
    "one_side_seen",
    "only",
    "parts",
    "same_setup",
    "shares",
    "side_by_side",
    "side_differences",
    "smallest_real_difference",
    "trends",
]
