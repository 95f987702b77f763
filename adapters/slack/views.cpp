#include "adapters/slack/views.hpp"

#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"
#include "adapters/slack/mrkdwn.hpp"
#include "bot/base/text.hpp"
#include "digest/model/category.hpp"

namespace broadsheet::slack {
namespace {

using nlohmann::json;

constexpr std::size_t kOptions = 100, kOptionUnits = 75;
constexpr std::size_t kSectionBlocks = 40;  // of the 100 of a Home tab

json plain(std::string_view text) {
  return {{"type", "plain_text"}, {"text", text}, {"emoji", false}};
}

json option(std::string_view text, std::string_view value) {
  return {{"text", plain(text)}, {"value", value}};
}

// The ids are what read_submission() looks for.
json input(std::string_view id, std::string_view label, json element, bool optional) {
  element["action_id"] = id;
  return {{"type", "input"},
          {"block_id", id},
          {"label", plain(label)},
          {"element", std::move(element)},
          {"optional", optional}};
}

json select(json options) {
  return {{"type", "static_select"}, {"options", std::move(options)}};
}

json rich_line(std::string_view bold, std::string_view text) {
  return {{"type", "rich_text_section"},
          {"elements", json::array({{{"type", "text"}, {"text", bold}, {"style", {{"bold", true}}}},
                                    {{"type", "text"}, {"text", text}}})}};
}

json modal(std::string_view id, std::string_view title, std::string_view submit, std::string_view channel,
           json blocks) {
  return {{"type", "modal"},
          {"callback_id", id},
          {"private_metadata", dump({{"channel", channel}})},
          {"title", plain(title)},
          {"submit", plain(submit)},
          {"close", plain("Cancel")},
          {"blocks", std::move(blocks)}};
}

json subscribe_view(std::string_view channel) {
  json categories = {{"type", "multi_external_select"}, {"placeholder", plain("cs.CL, math.CO …")}};
  categories["min_query_length"] = 1;
  json times = json::array({option("as soon as arXiv announces", "announce"), option("at 07:00", "07:00"),
                            option("at 09:00", "09:00"), option("at 12:00", "12:00")});
  json counts = json::array({option("5 papers", "5"), option("10 papers", "10"), option("20 papers", "20")});
  json styles = json::array(
      {option("overview and cards", "cards"), option("overview only", "brief"), option("all titles", "titles")});
  json words = {{"type", "plain_text_input"}, {"max_length", 300}};
  return modal("subscribe", "Subscribe", "Subscribe", channel,
               json::array({input("cats", "Categories", std::move(categories), false),
                            input("at", "When", select(std::move(times)), true),
                            input("top", "How many", select(std::move(counts)), true),
                            input("style", "How it looks", select(std::move(styles)), true),
                            input("query", "Words you care about", std::move(words), true)}));
}

json search_view(std::string_view channel) {
  json words = {
      {"type", "plain_text_input"}, {"max_length", 300}, {"placeholder", plain("words, \"a phrase\", ti: au: cat:")}};
  return modal("search", "Search papers", "Search", channel,
               json::array({input("query", "Words", std::move(words), false)}));
}

// The blocks of an answer of ours.
json blocks_of(const std::string& body) {
  auto tree = parse_json(body);
  const auto* blocks = tree ? member(*tree, {"blocks"}) : nullptr;
  return blocks != nullptr && blocks->is_array() ? *blocks : json::array();
}

}  // namespace

std::string modal_for(Guide guide, std::string_view trigger, std::string_view channel) {
  auto view = guide == Guide::search ? search_view(channel) : subscribe_view(channel);
  return dump({{"trigger_id", trigger}, {"view", std::move(view)}});
}

std::string panel() {
  json buttons = json::array();
  for (std::string_view name : {"Today", "Search", "Subscribe", "Subscriptions", "Help"})
    buttons.push_back({{"type", "button"},
                       {"action_id", "run" + std::to_string(buttons.size())},
                       {"text", plain(name)},
                       {"value", std::string(kRun) + text::lower_ascii(name)}});
  json note = {{"type", "context"}, {"elements", json::array({plain("Or type it: /arxiv digest cs.CL")})}};
  return dump({{"response_type", "ephemeral"},
               {"text", "What would you like? Today, search, subscribe, subscriptions or help: type it after /arxiv."},
               {"blocks", json::array({{{"type", "header"}, {"text", plain("What would you like?")}},
                                       {{"type", "actions"}, {"elements", std::move(buttons)}},
                                       std::move(note)})}});
}

std::string home_view(std::string_view user, const std::map<std::string, std::string>& sections) {
  json blocks = json::array({{{"type", "header"}, {"text", plain("arXiv digests")}}});
  for (const auto& [title, id] : {std::pair("Your subscriptions", "subscriptions"), std::pair("Status", "status")}) {
    auto found = sections.find(id);
    if (found == sections.end()) continue;
    blocks.push_back({{"type", "header"}, {"text", plain(title)}});
    auto said = blocks_of(found->second);
    for (std::size_t i = 0; i < said.size() && i < kSectionBlocks; ++i) blocks.push_back(said[i]);
  }
  blocks.push_back({{"type", "divider"}});
  json lines = json::array({rich_line("/arxiv digest cs.CL", "  the latest digest of a category"),
                            rich_line("/arxiv subscribe cs.CL", "  in a channel: one every announcement day"),
                            rich_line("/arxiv subscriptions", "  what a channel gets, and when"),
                            rich_line("/arxiv search \"score matching\"", "  papers by words"),
                            rich_line("/arxiv help", "  everything")});
  json list = {{"type", "rich_text_list"}, {"style", "bullet"}, {"elements", std::move(lines)}};
  blocks.push_back({{"type", "rich_text"}, {"elements", json::array({std::move(list)})}});
  blocks.push_back({{"type", "context"},
                    {"elements", json::array({plain("Summaries are made by a machine from the abstract; each says how. "
                                                    "Thank you to arXiv for use of its open access "
                                                    "interoperability.")})}});
  return dump({{"user_id", user}, {"view", {{"type", "home"}, {"blocks", std::move(blocks)}}}});
}

std::string unfurl_body(const Unfurl& link, std::string_view said) {
  constexpr std::size_t kSection = 3000;
  // Slack refuses rich_text here; verbatim, or names in it would be linked.
  json text = {{"type", "mrkdwn"}, {"text", escape_to(said, kSection)}, {"verbatim", true}};
  json card = {{"blocks", json::array({{{"type", "section"}, {"text", std::move(text)}}})}};
  json out = {{"unfurls", {{link.url, std::move(card)}}}};
  if (link.channel.empty()) {
    out["source"] = "composer";
    out["unfurl_id"] = link.ts;
  } else {
    out["channel"] = link.channel;
    out["ts"] = link.ts;
  }
  return dump(out);
}

std::string category_options(std::string_view typed) {
  auto wanted = text::lower_ascii(text::trim(typed));
  json options = json::array();
  for (const auto& info : all_categories()) {
    if (options.size() == kOptions) break;
    bool meant = text::lower_ascii(info.code).starts_with(wanted) ||
                 text::lower_ascii(info.name).find(wanted) != std::string::npos;
    if (!meant) continue;
    auto label = info.code + " — " + info.name;
    options.push_back(option(clean_to(label, kOptionUnits), info.code));
  }
  return dump({{"options", std::move(options)}});
}

}  // namespace broadsheet::slack
