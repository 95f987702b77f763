// The description of what is served, made from the routes (OpenAPI 3.0.3).
#include <nlohmann/json.hpp>

#include "bot/pages/pages.hpp"

namespace broadsheet::pages {
namespace {

using Json = nlohmann::ordered_json;

Json text_schema(const char* pattern = nullptr) {
  Json out{{"type", "string"}};
  if (pattern != nullptr) out["pattern"] = pattern;
  return out;
}

Json schema_of(std::string_view parameter) {
  if (parameter == "category") return text_schema("^[a-z-]+(\\.[A-Za-z-]+)?$");
  if (parameter == "date") return text_schema("^(latest|[0-9]{4}-[0-9]{2}-[0-9]{2})$");
  if (parameter == "q") return {{"type", "string"}, {"minLength", 1}, {"maxLength", 1000}};
  if (parameter == "limit") return {{"type", "integer"}, {"minimum", 1}, {"maximum", 100}, {"default", 20}};
  if (parameter == "offset") return {{"type", "integer"}, {"minimum", 0}, {"maximum", 10000}, {"default", 0}};
  if (parameter == "order") return {{"type", "string"}, {"enum", {"relevance", "newest"}}, {"default", "relevance"}};
  return {{"type", "string"}, {"minLength", 1}};
}

Json parameter(std::string_view name, const char* in, bool required) {
  return {{"name", name}, {"in", in}, {"required", required}, {"schema", schema_of(name)}};
}

Json parameters_of(std::string_view pattern) {
  Json out = Json::array();
  for (auto open = pattern.find('{'); open != std::string_view::npos; open = pattern.find('{')) {
    auto close = pattern.find('}');
    out.push_back(parameter(pattern.substr(open + 1, close - open - 1), "path", true));
    pattern.remove_prefix(close + 1);
  }
  return out;
}

Json answer(const std::string& description, std::initializer_list<std::pair<std::string, Json>> contents) {
  Json content = Json::object();
  for (const auto& [type, schema] : contents) content[type]["schema"] = schema;
  return {{"description", description}, {"content", content}};
}

Json error_schema() {
  return {{"$ref", "#/components/schemas/Error"}};
}

// What any path may answer beside its good one: the server refuses before it looks at the path, in plain text.
Json responses_of(const std::string& type, bool api, bool can_miss) {
  Json good = type == "application/json" ? Json{{"type", "object"}} : text_schema();
  auto failed = api ? std::pair<std::string, Json>("application/json", error_schema())
                    : std::pair<std::string, Json>("text/html", text_schema());
  std::pair<std::string, Json> plain("text/plain", text_schema());
  Json out{{"200", answer("Good", {{type, good}})},
           {"304", {{"description", "As the If-None-Match of the request knows it"}}},
           {"400", answer("The request cannot be understood; the body says why", {plain})}};
  if (api) out["400"] = answer("The request cannot be understood; the body says why", {failed, plain});
  if (can_miss) out["404"] = answer("It is not here", {failed});
  out["405"] = answer("Another method; Allow names those that work", {plain});
  out["408"] = answer("The request took too long to arrive", {plain});
  out["413"] = answer("The body is too long", {plain});
  out["414"] = answer("The address is too long", {plain});
  out["431"] = answer("The header is too long", {plain});
  out["500"] = answer("Something went wrong on our side", {failed, plain});
  out["503"] = answer("Not just now; try again in a minute", {failed, plain});
  return out;
}

Json error_component() {
  return {{"type", "object"},
          {"required", {"error"}},
          {"properties",
           {{"error",
             {{"type", "object"},
              {"required", {"code", "message"}},
              {"properties",
               {{"code", {{"type", "string"}, {"enum", {"bad_input", "not_found", "not_allowed", "unavailable"}}}},
                {"message", {{"type", "string"}}}}}}}}}};
}

}  // namespace

std::string Pages::openapi() const {
  Json paths = Json::object();
  for (const auto& route : routes()) {
    std::string_view pattern = route.pattern;
    bool api = pattern.starts_with("/api/");
    auto parameters = parameters_of(pattern);
    auto responses = responses_of(route.type, api, !parameters.empty());
    if (route.member == &Pages::api_search)
      for (const char* name : {"q", "limit", "offset", "order"})
        parameters.push_back(parameter(name, "query", std::string_view(name) == "q"));
    if (route.member == &Pages::ready)
      responses["503"] = answer("A part is not ready, or the service is full",
                                {{"application/json", {{"type", "object"}}}, {"text/plain", text_schema()}});
    paths[route.pattern]["get"] = {{"summary", route.summary}, {"parameters", parameters}, {"responses", responses}};
  }
  Json body{{"openapi", "3.0.3"},
            {"info", {{"title", "Broadsheet"}, {"version", options_.version}}},
            {"paths", paths},
            {"components", {{"schemas", {{"Error", error_component()}}}}}};
  return body.dump(2) + "\n";
}

}  // namespace broadsheet::pages
