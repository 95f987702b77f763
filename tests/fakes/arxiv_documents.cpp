#include "tests/fakes/arxiv_documents.hpp"

#include <algorithm>

#include "digest/latex/authors.hpp"

namespace broadsheet::fakes {
namespace {

// "Fri, 05 Dec 2025 05:00:03 +0000"
std::string rfc822(Moment moment) {
  auto date = to_http_date(moment);
  return date.substr(0, date.size() - 3) + "+0000";
}

std::string authors_of(const Paper& paper) {
  return paper.authors_raw.empty() ? latex::join_names(paper.authors) : paper.authors_raw;
}

std::string versioned(const Paper& paper) {
  return paper.id.str() + "v" + std::to_string(std::max(1, paper.version));
}

std::string described(const Line& line) {
  return "arXiv:" + versioned(*line.paper) + " Announce Type: " + std::string(to_string(line.type)) +
         " \nAbstract: " + escaped(line.paper->abstract_raw);
}

std::string rss_item(const Line& line, Moment declared) {
  const auto& paper = *line.paper;
  std::string out = "    <item>\n      <title>" + escaped(paper.title_raw) +
                    "</title>\n      <link>https://arxiv.org/abs/" + paper.id.str() + "</link>\n      <description>" +
                    described(line) +
                    "</description>\n      <guid isPermaLink=\"false\">oai:arXiv.org:" + versioned(paper) + "</guid>\n";
  for (const auto& category : paper.categories) out += "      <category>" + category + "</category>\n";
  out += "      <pubDate>" + rfc822(declared) + "</pubDate>\n      <arxiv:announce_type>" +
         std::string(to_string(line.type)) +
         "</arxiv:announce_type>\n      <dc:rights>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</dc:rights>\n";
  return out + "      <dc:creator>" + escaped(authors_of(paper)) + "</dc:creator>\n    </item>\n";
}

std::string atom_entry(const Line& line, Moment built, Moment declared) {
  const auto& paper = *line.paper;
  std::string out = "  <entry>\n    <id>oai:arXiv.org:" + versioned(paper) + "</id>\n    <title>" +
                    escaped(paper.title_raw) + "</title>\n    <updated>" + to_iso(built) +
                    "</updated>\n    <link href=\"https://arxiv.org/abs/" + paper.id.str() +
                    "\" rel=\"alternate\" type=\"text/html\"/>\n    <summary>" + described(line) + "</summary>\n";
  for (const auto& category : paper.categories) out += "    <category term=\"" + category + "\"/>\n";
  return out + "    <published>" + to_iso(declared) + "</published>\n    <arxiv:announce_type>" +
         std::string(to_string(line.type)) + "</arxiv:announce_type>\n    <dc:creator>" + escaped(authors_of(paper)) +
         "</dc:creator>\n  </entry>\n";
}

struct Heading {
  AnnounceType type;
  const char* words;
};
constexpr Heading kHeadings[] = {{AnnounceType::new_paper, "New submissions"},
                                 {AnnounceType::cross, "Cross submissions"},
                                 {AnnounceType::replace, "Replacement submissions"}};

AnnounceType section_of(AnnounceType type) {
  return type == AnnounceType::replace_cross ? AnnounceType::replace : type;
}

std::string listing_entry(const Paper& paper, std::size_t number) {
  std::string subjects;
  for (const auto& code : paper.categories) {
    auto category = Category::parse(code);
    const auto* info = category ? category_info(*category) : nullptr;
    auto named = (info == nullptr ? code : info->name) + " (" + code + ")";
    subjects += subjects.empty() ? "<span class=\"primary-subject\">" + named + "</span>" : "; " + named;
  }
  auto id = paper.id.str();
  return "<dt>\n  <a name='item" + std::to_string(number) + "'>[" + std::to_string(number) +
         "]</a>\n  <a href =\"/abs/" + id + "\" title=\"Abstract\" id=\"" + id + "\">\n    arXiv:" + id +
         "\n  </a>\n  [<a href=\"/pdf/" + id +
         "\" title=\"Download PDF\">pdf</a>]\n</dt>\n<dd>\n  <div class='meta'>\n    <div class='list-title mathjax'>"
         "<span class='descriptor'>Title:</span>\n      " +
         escaped(paper.title_raw) + "\n    </div>\n    <div class='list-authors'>" + escaped(authors_of(paper)) +
         "</div>\n    <div class='list-subjects'><span class='descriptor'>Subjects:</span>\n      " + subjects +
         "\n    </div>\n    <p class='mathjax'>\n      " + escaped(paper.abstract_raw) +
         "\n    </p>\n  </div>\n</dd>\n";
}

std::vector<const Paper*> of_section(const std::vector<Line>& lines, AnnounceType type) {
  std::vector<const Paper*> out;
  for (const auto& line : lines)
    if (section_of(line.type) == type) out.push_back(line.paper);
  return out;
}

// "New submissions (showing first 4 of 6 entries )"; nothing when the page shows none of it. `number` counts all
// entries of the listing.
std::string listing_section(const std::string& words, const std::vector<const Paper*>& papers, std::size_t& number,
                            std::size_t skip, std::size_t show) {
  std::string entries;
  std::size_t shown = 0, first = number;
  for (const auto* paper : papers) {
    ++number;
    if (number <= skip || number > skip + show) continue;
    ++shown;
    entries += listing_entry(*paper, number);
  }
  if (shown == 0) return {};
  bool continued = first < skip, last = number <= skip + show;
  auto showing = std::string(continued ? "continued, " : "") + "showing " + (continued && last ? "last " : "") +
                 (!continued && !last ? "first " : "");
  return "<dl id='articles'>\n<h3>" + words + " (" + showing + std::to_string(shown) + " of " +
         std::to_string(papers.size()) + " entries )</h3>\n" + entries + "</dl>\n";
}

std::string api_entry(const Paper& paper) {
  auto published = paper.published.value_or(Moment{});
  std::string out = "  <entry>\n    <id>http://arxiv.org/abs/" + versioned(paper) + "</id>\n    <title>" +
                    escaped(paper.title_raw) + "</title>\n    <updated>" + to_iso(paper.updated.value_or(published)) +
                    "</updated>\n    <link href=\"https://arxiv.org/abs/" + versioned(paper) +
                    "\" rel=\"alternate\" type=\"text/html\"/>\n    <summary>" + escaped(paper.abstract_raw) +
                    "</summary>\n";
  for (const auto& category : paper.categories)
    out += "    <category term=\"" + category + "\" scheme=\"http://arxiv.org/schemas/atom\"/>\n";
  out += "    <published>" + to_iso(published) + "</published>\n    <arxiv:primary_category term=\"" + paper.primary() +
         "\"/>\n";
  for (const auto& author : paper.authors) out += "    <author><name>" + escaped(author.name) + "</name></author>\n";
  return out + "  </entry>\n";
}

std::string api_head(std::size_t total, std::size_t start, std::size_t per_page, Moment now) {
  return "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" "
         "xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns=\"http://www.w3.org/2005/Atom\">\n"
         "  <id>https://arxiv.org/api/invented</id>\n  <title>arXiv Query: search_query=&amp;id_list=</title>\n"
         "  <updated>" +
         to_iso(now) + "</updated>\n  <opensearch:itemsPerPage>" + std::to_string(per_page) +
         "</opensearch:itemsPerPage>\n  <opensearch:totalResults>" + std::to_string(total) +
         "</opensearch:totalResults>\n  <opensearch:startIndex>" + std::to_string(start) + "</opensearch:startIndex>\n";
}

std::string oai_head(Moment now) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\">\n"
         "  <responseDate>" +
         to_iso(now) + "</responseDate>\n";
}

std::string oai_names(const Paper& paper) {
  std::string out = "<authors>";
  for (const auto& author : paper.authors) {
    auto space = author.name.rfind(' ');
    out += "<author><keyname>" + escaped(author.name.substr(space == std::string::npos ? 0 : space + 1)) + "</keyname>";
    if (space != std::string::npos) out += "<forenames>" + escaped(author.name.substr(0, space)) + "</forenames>";
    out += "</author>";
  }
  return out + "</authors>";
}

std::string oai_record(const Paper& paper, const std::string& format) {
  std::string categories;
  for (const auto& category : paper.categories) categories += (categories.empty() ? "" : " ") + category;
  auto published = paper.published.value_or(Moment{});
  std::string out = "  <record><header><identifier>oai:arXiv.org:" + paper.id.str() + "</identifier><datestamp>" +
                    to_string(std::chrono::floor<std::chrono::days>(published)) + "</datestamp></header><metadata><" +
                    format + " xmlns=\"http://arxiv.org/OAI/" + format + "/\"><id>" + paper.id.str() + "</id>";
  if (format == "arXivRaw")
    out += "<submitter>Submitter</submitter><version version=\"v1\"><date>" + to_http_date(published) +
           "</date><size>8kb</size></version>";
  else
    out += "<created>" + to_string(std::chrono::floor<std::chrono::days>(published)) + "</created>" + oai_names(paper);
  out += "<title>" + escaped(paper.title_raw) + "</title>";
  if (format == "arXivRaw") out += "<authors>" + escaped(authors_of(paper)) + "</authors>";
  return out + "<categories>" + categories + "</categories><abstract>" + escaped(paper.abstract_raw) + "</abstract></" +
         format + "></metadata></record>\n";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::string rss_document(const std::string& category, Moment built, Moment declared, const std::vector<Line>& lines) {
  std::string out =
      "<?xml version='1.0' encoding='UTF-8'?>\n<rss xmlns:arxiv=\"http://arxiv.org/schemas/atom\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\" version=\"2.0\">\n"
      "  <channel>\n    <title>" +
      category + " updates on arXiv.org</title>\n    <link>http://rss.arxiv.org/rss/" + category +
      "</link>\n    <description>" + category + " updates on the arXiv.org e-print archive.</description>\n" +
      "    <language>en-us</language>\n    <lastBuildDate>" + rfc822(built) + "</lastBuildDate>\n    <pubDate>" +
      rfc822(declared) + "</pubDate>\n    <skipDays><day>Sunday</day><day>Saturday</day></skipDays>\n";
  for (const auto& line : lines) out += rss_item(line, declared);
  return out + "  </channel>\n</rss>\n";
}

std::string atom_document(const std::string& category, Moment built, Moment declared, const std::vector<Line>& lines) {
  std::string out =
      "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns:arxiv=\"http://arxiv.org/schemas/atom\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "  <id>http://rss.arxiv.org/atom/" +
      category + "</id>\n  <title>" + category + " updates on arXiv.org</title>\n  <updated>" + to_iso(built) +
      "</updated>\n";
  for (const auto& line : lines) out += atom_entry(line, built, declared);
  return out + "</feed>\n";
}

std::string feed_error_document(const std::string& reason) {
  return "<?xml version='1.0' encoding='UTF-8'?>\n<rss version=\"2.0\"><channel><title>Feed error for query: x</title>"
         "<link>http://rss.arxiv.org/</link><description>" +
         escaped(reason) + "</description></channel></rss>\n";
}

std::string listing_document(ListingKind kind, Day day, const std::vector<Line>& lines, std::size_t skip,
                             std::size_t show) {
  auto date = to_http_date(Moment(day)).substr(0, 16);  // "Fri, 19 Dec 2025"
  auto total = "Total of " + std::to_string(lines.size()) + " entries";
  std::string out = "<!DOCTYPE html>\n<html><head><title>listings</title></head><body>\n<div id='dlpage'>\n";
  if (kind == ListingKind::newest) {
    auto heading = long_date(day);  // "Friday 19 December 2025"
    heading.insert(heading.find(' '), ",");
    out += "<h1>A Category</h1>\n<h3>Showing new listings for " + heading + "</h3>\n<div class='paging'>" + total +
           "\n</div>\n<div class='morefewer'>Showing up to " + std::to_string(show) + " entries per page:</div>\n";
  } else {
    out += "<h1>Catchup results for A Category on " + date + "</h1>\n<div>\n  " + total + " for " + date + "\n</div>\n";
  }
  std::size_t number = 0, visible = 0;
  for (const auto& heading : kHeadings) {
    auto section = listing_section(heading.words, of_section(lines, heading.type), number, skip, show);
    visible += section.empty() ? 0 : 1;
    out += section;
  }
  if (visible == 0)
    out += kind == ListingKind::newest ? "<p>No updates today.</p>\n" : "<p>No updates for " + date + "</p>\n";
  return out + "</div>\n</body></html>\n";
}

std::string api_document(const std::vector<const Paper*>& papers, std::size_t total, std::size_t start,
                         std::size_t per_page, Moment now) {
  auto out = api_head(total, start, per_page, now);
  for (const auto* paper : papers) out += api_entry(*paper);
  return out + "</feed>\n";
}

std::string api_error_document(const std::string& message) {
  return api_head(1, 0, 1, Moment{}) +
         "  <entry>\n    <id>https://arxiv.org/api/errors#invented</id>\n    <title>Error</title>\n    <summary>" +
         escaped(message) + "</summary>\n    <author><name>arXiv api core</name></author>\n  </entry>\n</feed>\n";
}

std::string oai_document(const std::string& verb, const std::string& format, const std::vector<const Paper*>& papers,
                         const std::string& token, Moment expires, Moment now) {
  auto out = oai_head(now) + "  <" + verb + ">\n";
  for (const auto* paper : papers) out += oai_record(*paper, format);
  if (!token.empty())
    out += "  <resumptionToken expirationDate=\"" + to_iso(expires) + "\">" + escaped(token) + "</resumptionToken>\n";
  return out + "  </" + verb + ">\n</OAI-PMH>\n";
}

std::string oai_error_document(const std::string& code, const std::string& message, Moment now) {
  return oai_head(now) + "  <error code=\"" + code + "\">" + escaped(message) + "</error>\n</OAI-PMH>\n";
}

}  // namespace broadsheet::fakes
