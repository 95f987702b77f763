#include "digest/present/atom.hpp"

#include <pugixml.hpp>
#include <sstream>

#include "digest/doc/plain.hpp"
#include "digest/present/document.hpp"
#include "digest/present/wording.hpp"

namespace broadsheet::present {
namespace {

void element(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).append_child(pugi::node_pcdata).set_value(text.c_str());
}

std::string tag_of(const Digest& digest) {
  return "tag:broadsheet,2026:" + digest.key.str();
}

std::string page_of(const Digest& digest, const std::string& base) {
  return base + "/d/" + digest.key.categories.front().str() + "/" + to_string(digest.key.day);
}

void add_entry(pugi::xml_node feed, const Digest& digest, const FeedInfo& info) {
  auto entry = feed.append_child("entry");
  element(entry, "id", tag_of(digest));
  element(entry, "title", category_names(digest) + ", " + long_date(digest.key.day));
  element(entry, "updated", to_iso(digest.written));
  if (!info.base.empty() && !digest.key.categories.empty())
    entry.append_child("link").append_attribute("href").set_value(page_of(digest, info.base).c_str());
  auto content = entry.append_child("content");
  content.append_attribute("type").set_value("text");
  content.append_child(pugi::node_pcdata).set_value(doc::to_plain(overview(digest)).c_str());
}

}  // namespace

std::string atom_feed(const std::vector<Digest>& digests, const FeedInfo& info) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version").set_value("1.0");
  declaration.append_attribute("encoding").set_value("UTF-8");
  auto feed = document.append_child("feed");
  feed.append_attribute("xmlns").set_value("http://www.w3.org/2005/Atom");
  element(feed, "id", "tag:broadsheet,2026:" + info.title);
  element(feed, "title", info.title);
  Moment updated{};
  for (const auto& digest : digests) updated = std::max(updated, digest.written);
  element(feed, "updated", to_iso(updated));
  element(feed.append_child("author"), "name", "Broadsheet");
  for (const auto& digest : digests) add_entry(feed, digest, info);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace broadsheet::present
