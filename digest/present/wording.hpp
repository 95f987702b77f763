// Words and lines that several forms share.
#pragma once

#include <string>

#include "digest/model/digest.hpp"

namespace broadsheet::present {

std::string capitalised(std::string s);
// "What they did", "How", "Result" …
std::string section_label(Role role);
// "code is linked · CVPR 2026"
std::string reasons_text(const Card& card);
// "announced 143 · new 118 · cross 25 · shown 12 · filtered 98 · cut 33 · source rss.arxiv.org, 2025-12-19 05:00 UTC"
std::string count_line(const Digest& digest);
// "cs.CV", "cs.CV and cs.RO"
std::string category_names(const Digest& digest);
// First five names, then "and 7 more".
std::string author_line(const Paper& paper);
// "zh" if the text is mostly Chinese, else "en".
std::string language_of(std::string_view text);

// "Summary: model, from abstract."; empty for an extract, which needs no mark.
std::string summary_mark(const ExecutiveSummary& summary);

}  // namespace broadsheet::present
