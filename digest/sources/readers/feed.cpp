#include "digest/sources/readers/feed.hpp"

#include <set>

#include "digest/sources/readers/common.hpp"
#include "digest/sources/readers/xml.hpp"

namespace broadsheet::sources {
namespace {

// "arXiv:2512.04175v1 Announce Type: new \nAbstract: …"
std::string without_prefix(const std::string& description) {
  auto at = description.find("Abstract:");
  if (!description.starts_with("arXiv:") || at == std::string::npos) return description;
  return std::string(text::trim(std::string_view(description).substr(at + 9)));
}

std::string announce_type_in(const std::string& description) {
  constexpr std::string_view kMark = "Announce Type: ";
  auto at = description.find(kMark);
  if (at == std::string::npos) return {};
  auto rest = std::string_view(description).substr(at + kMark.size());
  return std::string(rest.substr(0, rest.find_first_of(" \n")));
}

struct Item {
  Paper paper;
  std::string id, type;
};

// arXiv puts all authors into one dc:creator; other makers of feeds give one element each, Atom's own with a name in
// it.
void add_creator(Paper& paper, const pugi::xml_node& node) {
  pugi::xml_node named;
  for (const auto& part : node.children())
    if (xml::local_name(part) == "name") named = part;
  auto name = text::collapse_space(xml::text(named ? named : node));
  if (!name.empty()) paper.authors_raw += (paper.authors_raw.empty() ? "" : "; ") + name;
}

// One child of an item or entry; RSS and Atom differ only in names.
void read_field(Item& item, const pugi::xml_node& node) {
  auto name = xml::local_name(node);
  auto& paper = item.paper;
  if (name == "title") {
    paper.title_raw = text::collapse_space(without_tags(xml::text(node)));
  } else if (name == "description" || name == "summary") {
    auto description = without_tags(xml::text(node));
    if (item.type.empty()) item.type = announce_type_in(description);
    paper.abstract_raw = without_prefix(description);
  } else if (name == "guid" || name == "id") {
    item.id = xml::text(node);
  } else if (name == "category") {
    std::string term = node.attribute("term").value();
    add_category(paper, term.empty() ? xml::text(node) : term);
  } else if (name == "announce_type") {
    item.type = std::string(text::trim(xml::text(node)));
  } else if (name == "rights") {
    paper.license = std::string(text::trim(xml::text(node)));
  } else if (name == "DOI" || name == "doi") {
    paper.doi = text::collapse_space(xml::text(node));
  } else if (name == "journal_reference") {
    paper.journal_ref = text::collapse_space(xml::text(node));
  } else if (name == "creator" || name == "author") {
    add_creator(paper, node);
  }
}

Result<Item> read_item(const pugi::xml_node& node) {
  Item item;
  for (const auto& part : node.children()) read_field(item, part);
  auto id = parse_paper_reference(item.id);
  if (!id) return Error(ErrorKind::bad_input, "no arXiv id in \"" + text::ellipsize(item.id, 80) + "\"");
  item.paper.id = id->id;
  item.paper.version = id->version;
  item.paper.source = "arxiv-feed";
  if (item.paper.title_raw.empty()) return Error(ErrorKind::bad_input, id->str() + ": no title");
  if (!parse_announce_type(item.type))
    return Error(ErrorKind::bad_input,
                 id->str() + ": unknown announce type \"" + text::ellipsize(item.type, 40) + "\"");
  latex::finish(item.paper);
  return item;
}

// contracts: arXiv 2.4: one item per paper; a second one would make the listing disagree with itself.
void add_items(FeedPage& page, const pugi::xml_node& parent, std::string_view element) {
  std::set<PaperId> known;
  for (const auto& node : parent.children()) {
    if (xml::local_name(node) != element) continue;
    auto item = read_item(node);
    if (!item) {
      page.problems.push_back(item.error().what());
      continue;
    }
    if (!known.insert(item->paper.id).second) continue;
    page.entries.push_back({item->paper.id, item->paper.version, *parse_announce_type(item->type)});
    page.papers.push_back(std::move(item->paper));
  }
}

std::string child_text(const pugi::xml_node& node, std::string_view name) {
  for (const auto& part : node.children())
    if (xml::local_name(part) == name) return std::string(text::trim(xml::text(part)));
  return {};
}

}  // namespace

Result<FeedPage> read_feed(std::string_view bytes) {
  pugi::xml_document document;
  if (auto loaded = xml::load(document, bytes); !loaded) return std::move(loaded).error();
  auto root = document.document_element();
  bool rss = xml::local_name(root) == "rss";
  if (!rss && !xml::is(root, xml::kAtom, "feed")) return Error(ErrorKind::bad_input, "neither RSS nor Atom");
  auto channel = rss ? root.child("channel") : root;
  FeedPage page;
  page.title = child_text(channel, "title");
  if (page.title.starts_with("Feed error"))
    return Error(ErrorKind::refused, "arXiv refused the feed: " +
                                         text::collapse_space(child_text(channel, rss ? "description" : "subtitle")));
  if (rss) {
    page.built = parse_rfc822(child_text(channel, "lastBuildDate"));
    page.published = parse_rfc822(child_text(channel, "pubDate"));
  } else {
    page.built = parse_iso(child_text(channel, "updated"));
    for (const auto& entry : channel.children("entry"))
      if (!page.published) page.published = parse_iso(child_text(entry, "published"));
  }
  add_items(page, channel, rss ? "item" : "entry");
  return page;
}

}  // namespace broadsheet::sources
