#include "digest/present/f2.hpp"

#include "bot/base/text.hpp"
#include "digest/latex/display.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::present {
namespace {

constexpr std::string_view kOriginalHead = "| 标题 | 作者 | PDF链接 |  摘要 |\n|------|------|--------|------|\n";
constexpr std::string_view kValidHead =
    "| Title | English title | First author | Links | Abstract |\n|---|---|---|---|---|\n";

Error misfit(const std::string& what) {
  return {ErrorKind::bad_input, "not a table digest (F2): " + what};
}

// One line, LaTeX resolved, what Markdown would act on escaped.
std::string cell(std::string_view s) {
  std::string out;
  for (char c : latex::to_display(s, latex::Mode::title)) {
    if (std::string_view("|\\`*_[]<>").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string first_author(const Paper& paper) {
  return paper.authors.empty() ? paper.authors_raw : paper.authors[0].name;
}

VersionedId versioned(const Paper& paper) {
  return {paper.id, paper.version == 0 ? 1 : paper.version};
}

std::string row(const Card& card, F2Form form) {
  const auto& paper = card.paper;
  auto vid = versioned(paper);
  auto title = card.translation ? card.translation->title : paper.title_raw;
  auto abstract = card.translation ? card.translation->abstract : paper.abstract_raw;
  if (form == F2Form::original)
    return "| " + title + " | " + first_author(paper) + " | [PDF](" + pdf_url(vid) + ") | " + abstract + " |\n";
  return "| " + cell(title) + " | " + cell(paper.title_raw) + " | " + cell(first_author(paper)) + " | [abs](" +
         abs_url(vid) + ") [PDF](" + pdf_url(vid) + ") | " + cell(abstract) + " |\n";
}

// Cells of a valid row; a backslash keeps the next character from being a border.
std::vector<std::string> valid_cells(std::string_view line) {
  std::vector<std::string> out(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      out.back() += line[++i];
    } else if (line[i] == '|') {
      out.emplace_back();
    } else {
      out.back() += line[i];
    }
  }
  return out;
}

std::optional<VersionedId> id_in(std::string_view s) {
  auto at = s.find("https://arxiv.org/pdf/");
  if (at == std::string_view::npos) return std::nullopt;
  return parse_paper_reference(s.substr(at, s.find(')', at) - at));
}

Card make_card(const VersionedId& vid, std::string title, std::string author, std::string abstract) {
  Card card;
  card.origin = Origin::imported;
  card.paper.id = vid.id;
  card.paper.version = vid.version;
  card.paper.source = "f2";
  card.paper.authors_raw = author;
  card.paper.authors = {{std::move(author), {}, false}};
  card.paper.title = latex::to_display(title, latex::Mode::title);
  Translation translation;
  translation.language = language_of(abstract);
  translation.title = std::move(title);
  translation.abstract = std::move(abstract);
  card.translation = std::move(translation);
  return card;
}

// "| T | A | [PDF](…) | abstract |": the link is the only sure landmark.
Result<Card> original_row(std::string_view s) {
  auto link = s.find(" | [PDF](https://arxiv.org/pdf/");
  auto link_end = link == std::string_view::npos ? link : s.find(") | ", link);
  if (!s.starts_with("| ") || !s.ends_with(" |\n") || link_end == std::string_view::npos)
    return misfit("a row without its PDF link");
  auto vid = id_in(s.substr(link));
  auto head = s.substr(2, link - 2);
  auto border = head.rfind(" | ");
  if (!vid || border == std::string_view::npos || s.size() < link_end + 4 + 3) return misfit("a row's cells");
  auto abstract = s.substr(link_end + 4, s.size() - link_end - 4 - 3);
  return make_card(*vid, std::string(head.substr(0, border)), std::string(head.substr(border + 3)),
                   std::string(abstract));
}

Result<Card> valid_row(std::string_view s) {
  auto cells = valid_cells(text::trim(s));
  if (cells.size() != 7) return misfit("a row needs five cells");
  auto vid = id_in(cells[4]);
  if (!vid) return misfit("a row without its PDF link");
  auto trimmed = [&cells](std::size_t i) { return std::string(text::trim(cells[i])); };
  auto card = make_card(*vid, trimmed(1), trimmed(3), trimmed(5));
  card.paper.title_raw = trimmed(2);
  card.paper.title = trimmed(2);
  return card;
}

}  // namespace

std::string to_f2(const Digest& digest, F2Form form) {
  std::string out = "# arxiv " + to_string(digest.key.day) + "\n\n";
  out += form == F2Form::original ? kOriginalHead : kValidHead;
  for (const auto& card : digest.cards) out += row(card, form);
  return out;
}

Result<Digest> f2_from_text(std::string_view text) {
  constexpr std::size_t kLargest = std::size_t{16} << 20;
  if (text.size() > kLargest) return misfit("larger than 16 MiB");
  if (!text::is_valid_utf8(text)) return misfit("not valid UTF-8");
  auto s = text;
  Digest digest;
  if (!s.starts_with("# arxiv ") || s.size() < 20) return misfit("the heading");
  auto day = parse_day(s.substr(8, 10));
  if (!day || s.substr(18, 2) != "\n\n") return misfit("the date in the heading");
  digest.key.day = *day;
  s.remove_prefix(20);
  bool original = s.starts_with(kOriginalHead);
  if (!original && !s.starts_with(kValidHead)) return misfit("the table's head");
  s.remove_prefix(original ? kOriginalHead.size() : kValidHead.size());
  while (!s.empty()) {
    auto next = s.find("\n| ", 1);
    auto one = s.substr(0, next == std::string_view::npos ? next : next + 1);
    auto card = original ? original_row(one) : valid_row(one);
    if (!card) return std::move(card).error();
    SelectionEntry entry;
    entry.announced = {card->paper.id, card->paper.version, AnnounceType::new_paper};
    entry.fate = Fate::shown;
    digest.selection.entries.push_back(entry);
    digest.titles.emplace(card->paper.id, card->paper.title);
    digest.cards.push_back(std::move(*card));
    s.remove_prefix(one.size());
  }
  digest.key.categories = {*Category::parse("cs.CV")};
  digest.key.language = digest.cards.empty() ? "zh" : digest.cards[0].translation->language;
  digest.key.style = Style::titles;
  digest.writer = "imported";
  digest.summary.origin = Origin::imported;
  digest.imported.format = original ? "f2" : "f2-valid";
  digest.imported.heading = "arxiv " + to_string(digest.key.day);
  if (original && to_f2(digest, F2Form::original) != text) return misfit("it could not be read without loss");
  return digest;
}

}  // namespace broadsheet::present
