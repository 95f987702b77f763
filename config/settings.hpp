// The configuration as typed values (spec: interfaces 2). Layers receive the part they need, never the whole.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "bot/model/subscription.hpp"
#include "config/secret.hpp"
#include "digest/model/category.hpp"

namespace broadsheet::config {

struct Service {
  std::string data_dir = "data";
  std::string listen = "127.0.0.1:8080";
  std::string public_url;
  std::string time_zone = "UTC";
  std::vector<std::string> operators;
  std::int64_t max_connections = 1000;
  std::vector<std::string> trusted_proxies;
  std::int64_t threads = 0;  // 0: one per core
};

struct Storage {
  std::string url = "sqlite";
  bool auto_migrate = true;
};

struct Arxiv {
  std::vector<Category> categories = {*Category::parse("cs.CV"), *Category::parse("cs.RO")};
  std::string feed_url = "https://rss.arxiv.org";
  std::string api_url = "https://export.arxiv.org/api/query";
  std::string oai_url = "https://oaipmh.arxiv.org/oai";
  std::string site_url = "https://arxiv.org";
  std::chrono::milliseconds min_interval{3100};
  std::string contact;
  std::string holidays_file;
};

struct DigestDefaults {
  std::int64_t top = 10;
  std::string style = "cards";
  std::string language = "en";
  std::string interests;
  bool full_text = false;
};

struct Writer {
  std::string kind = "extractive";
  std::string base_url, model;
  Secret api_key;
  std::int64_t daily_budget_tokens = 0;  // 0: no cap
  std::chrono::milliseconds timeout{60000};
  std::int64_t concurrency = 4;
};

struct Slack {
  std::string mode = "socket";
  std::string api_url = "https://slack.com/api";
  std::string hooks_url = "https://hooks.slack.com";
  Secret bot_token, app_token;
  std::vector<Secret> signing_secrets;
  std::string client_id;
  Secret client_secret;
  std::vector<std::string> unfurl_teams;  // workspaces whose pasted arxiv.org links get a card
};

struct Matrix {
  std::string mode = "sync";
  std::string homeserver_url, user_id;
  Secret access_token, password;
  Secret hs_token;  // appservice mode: what the homeserver shows us; access_token is the as_token then
  std::vector<std::string> invite_from;
  std::string prefix = "!arxiv";
  std::string root_msgtype = "m.text";
};

struct Telegram {
  std::string mode = "poll";
  std::string api_url = "https://api.telegram.org";
  Secret token, webhook_secret;
};

struct Settings {
  Service service;
  Storage storage;
  Arxiv arxiv;
  DigestDefaults digest;
  Writer writer;
  Slack slack;
  Matrix matrix;
  Telegram telegram;
  // Where the pages stand: the public address, else where we listen; without a slash at the end.
  std::string site() const { return service.public_url.empty() ? "http://" + service.listen : service.public_url; }
  std::vector<model::Subscription> subscriptions;  // what one leaves open, [digest] and [service] decide
};

}  // namespace broadsheet::config
