// What the server finds in a plain text by itself (contracts: Telegram 3.5).
#include <algorithm>
#include <cctype>
#include <set>

#include "bot/base/text.hpp"
#include "tests/fakes/telegram_markup.hpp"

namespace broadsheet::fakes {
namespace {

using Span = std::pair<std::size_t, std::size_t>;  // bytes

// Every two-letter domain of a country, and the generic ones that texts about research are likely to hold.
const std::set<std::string, std::less<>>& top_domains() {
  static const auto kDomains = [] {
    std::set<std::string, std::less<>> out;
    constexpr std::string_view kNames =
        "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz "
        "ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm "
        "fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is "
        "it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm "
        "mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr "
        "ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg "
        "th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw "
        "academy accountants actor agency ai amazon android app apple apps archi army art arpa asia associates audio "
        "auto band bank bar beer best bet bible bid bike bio biz black blog blue boo book boston bot boutique box "
        "broker build builders business buy buzz cab cafe cam camera camp capital car cards care career careers cars "
        "casa case cash cat center ceo chat cheap church city claims click clinic cloud club coach codes coffee "
        "college com community company compare computer condos construction consulting contact contractors cool coop "
        "country coupon courses credit cruises dad data dance date dating day deal deals degree delivery democrat "
        "dental design dev diamonds diet digital direct directory discount docs doctor dog domains download earth eat "
        "eco edu education email energy engineer engineering equipment esq estate events exchange expert exposed "
        "express fail faith family fan fans farm fashion fast feedback film final finance financial fire fish fit "
        "fitness flights florist flowers fly foo food football forsale forum foundation free fun fund furniture fyi "
        "gallery game games garden gay gift gifts gives glass global gmail gold golf google gov graphics gratis green "
        "group guide guitars guru hair health healthcare help here hiphop history hockey holdings holiday home horse "
        "hospital host hosting hot house how ice icu inc industries info ing ink institute insurance insure int "
        "international investments irish java jetzt jobs kim kitchen land law lawyer lease legal lgbt life lighting "
        "limited link live llc loan loans lol london love ltd luxury maison management map market marketing markets "
        "mba media meet meme memorial men menu microsoft mil mobi moda moe money mortgage mov movie museum music name "
        "navy net network new news nexus ngo ninja now nyc observer one ong onl online ooo open org organic page paris "
        "partners parts party pay pet phd photo photography photos physio pics pictures pid pin pink pizza place play "
        "plumbing plus poker porn post press pro productions prof promo properties property pub quest racing radio "
        "read recipes red rehab ren rent rentals repair report republican rest restaurant review reviews rich rip "
        "rocks rodeo room rugby run sale salon save school schule science search secure security select services sex "
        "sexy shoes shop shopping show singles site ski skin sky smart soccer social software solar solutions song "
        "space sport spot storage store stream studio study style sucks supplies supply support surf surgery systems "
        "tax taxi team tech technology tel tennis theater theatre tickets tips tires today tools top tours town toys "
        "trade trading training travel trust tube university uno vacations ventures vet video villas vin vip vision "
        "vodka vote voyage watch weather webcam website wedding wiki win wine work works world wtf xxx xyz yoga you "
        "zip zone";
    for (auto name : text::split(kNames, ' ')) out.emplace(name);
    return out;
  }();
  return kDomains;
}

// "AI" and "ai" are domains, "Then" after a full stop is a sentence.
bool is_top_domain(std::string_view s) {
  auto lower = text::lower_ascii(s);
  if (lower != s && lower.substr(1) == s.substr(1)) return false;
  return top_domains().contains(lower);
}

bool is_url_character(char32_t c) {
  if (c >= 0x2000 && c <= 0x206F) return c == 0x200C || c == 0x200D || (c >= 0x2010 && c <= 0x2015);
  return !utf::is_separator(c) && c != 0xAB && c != 0xBB;
}
bool is_domain_character(char32_t c) {
  if (c < 0xC0)
    return c < 0x80 && (std::isalnum(static_cast<int>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '~');
  return is_url_character(c);
}
bool is_path_character(char32_t c) {
  return c != '<' && c != '>' && c != '"' && is_url_character(c);
}
bool is_user_character(char32_t c) {
  return is_url_character(c) && std::u32string_view(U"/[]{}()'`<>\"@").find(c) == std::u32string_view::npos;
}

template <class Fn>
std::size_t forward(std::string_view s, std::size_t at, Fn accepts) {
  while (at < s.size()) {
    auto after = at;
    if (!accepts(utf::next(s, after))) break;
    at = after;
  }
  return at;
}
template <class Fn>
std::size_t backward(std::string_view s, std::size_t at, Fn accepts) {
  while (at > 0) {
    auto before = at;
    if (!accepts(utf::previous(s, before))) break;
    at = before;
  }
  return at;
}

// Where a path may end: balanced brackets, no punctuation at the end.
std::size_t path_end(std::string_view s, std::size_t begin, std::size_t end) {
  int round = 0, square = 0, curly = 0;
  auto at = begin;
  for (; at < end && round >= 0 && square >= 0 && curly >= 0; ++at) {
    round += s[at] == '(' ? 1 : s[at] == ')' ? -1 : 0;
    square += s[at] == '[' ? 1 : s[at] == ']' ? -1 : 0;
    curly += s[at] == '{' ? 1 : s[at] == '}' ? -1 : 0;
  }
  if (round < 0 || square < 0 || curly < 0) --at;
  while (at > begin && std::string_view(".:;,('?!`").find(s[at - 1]) != std::string_view::npos) --at;
  return at;
}

bool is_host(std::string_view host, bool with_scheme) {
  auto labels = text::split(host, '.');
  if (labels.size() < 2) return false;
  bool numeric = labels.size() == 4, letters = false;
  for (auto label : labels) {
    if (label.empty() || label.size() > 63 || label.back() == '-') return false;
    bool digits = std::all_of(label.begin(), label.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    numeric = numeric && digits && label.size() <= 3;
    letters = letters || !digits;
  }
  if (numeric) return true;
  auto top = labels.back();
  if (!letters || text::code_points(top) < 2 || top.find_first_of("_-") != std::string_view::npos) return false;
  if (labels[labels.size() - 2].find('_') != std::string_view::npos) return false;
  return with_scheme || is_top_domain(top);
}

// "https://" that ends at `at`; where it begins. The same position: none. nullopt: another scheme.
std::optional<std::size_t> scheme_before(std::string_view s, std::size_t at) {
  if (at < 3 || s.substr(at - 3, 3) != "://") return at;
  auto name = backward(s, at - 3, [](char32_t c) {
    return c < 0x80 && (std::isalnum(static_cast<int>(c)) != 0 || c == '+' || c == '-');
  });
  auto lower = text::lower_ascii(s.substr(name, at - 3 - name));
  for (std::string_view known : {"https", "http", "ftp"})
    if (lower.ends_with(known)) return at - 3 - known.size();
  return std::nullopt;
}

struct Address {
  Span span;
  bool email = false;
};

// The address around the full stop at `dot`; `after` becomes where the search goes on.
std::optional<Address> address_at(std::string_view s, std::size_t dot, std::size_t& after) {
  auto end = forward(s, dot, is_domain_character);
  auto host_begin = backward(s, dot, is_domain_character);
  after = std::max(end, dot + 1);
  while (end > dot + 1 && s[end - 1] == '.') --end;
  while (host_begin < dot && s[host_begin] == '.') ++host_begin;
  auto begin = host_begin;
  bool user = begin > 0 && s[begin - 1] == '@';
  if (user) begin = backward(s, begin - 1, is_user_character);
  if (user && begin == host_begin - 1) return std::nullopt;
  auto scheme = scheme_before(s, begin);
  if (!scheme) return std::nullopt;
  bool with_scheme = *scheme < begin;
  if (!with_scheme && begin > 0 && std::string_view("/@#").find(s[begin - 1]) != std::string_view::npos)
    return std::nullopt;
  // CJK letters before a scheme stay outside; before a bare domain they belong to it.
  if (!is_host(s.substr(host_begin, end - host_begin), with_scheme)) return std::nullopt;
  if (user && !with_scheme) return Address{{begin, end}, true};
  if (end < s.size() && s[end] == ':') {
    auto port = forward(s, end + 1, [](char32_t c) { return c >= '0' && c <= '9'; });
    if (port > end + 1 && port <= end + 6) end = port;
  }
  if (end < s.size() && (s[end] == '/' || s[end] == '?' || s[end] == '#')) {
    auto path = path_end(s, end, forward(s, end, is_path_character));
    if (s[end] == '/' || path > end + 1) end = std::max(path, s[end] == '/' ? end + 1 : end);
  }
  after = std::max(after, end);
  return Address{{*scheme, end}, false};
}

class Finder {
 public:
  explicit Finder(std::string_view s) : s_(s) {}

  std::vector<TextEntity> find() {
    addresses();
    for (std::size_t at = 0; at < s_.size(); ++at) {
      switch (s_[at]) {
        case '@':
          mention(at);
          break;
        case '#':
          hashtag(at);
          break;
        case '$':
          cashtag(at);
          break;
        case '/':
          command(at);
          break;
        default:
          break;
      }
    }
    std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    std::vector<TextEntity> out;
    std::size_t byte = 0;
    int units = 0;
    for (const auto& [type, span] : found_) {
      if (span.first < byte) continue;  // inside the one before
      units += utf::units_before(s_.substr(byte), span.first - byte);
      TextEntity e;
      e.type = type;
      e.offset = units;
      e.length = utf::units_before(s_.substr(span.first), span.second - span.first);
      units += e.length;
      byte = span.second;
      out.push_back(std::move(e));
    }
    return out;
  }

 private:
  void add(const char* type, std::size_t begin, std::size_t end) { found_.emplace_back(type, Span{begin, end}); }
  char32_t before(std::size_t at) const { return at == 0 ? U' ' : utf::previous(s_, at); }
  char32_t after(std::size_t at) const { return at >= s_.size() ? U' ' : utf::next(s_, at); }
  static bool is_name(char32_t c) { return c < 0x80 && (std::isalnum(static_cast<int>(c)) != 0 || c == '_'); }

  void addresses() {
    for (auto dot = s_.find('.'); dot != std::string_view::npos;) {
      std::size_t after = dot + 1;
      if (auto address = address_at(s_, dot, after))
        add(address->email ? "email" : "url", address->span.first, address->span.second);
      dot = s_.find('.', after);
    }
  }

  void mention(std::size_t at) {
    if (utf::is_word(before(at))) return;
    auto end = forward(s_, at + 1, is_name);
    if (end - at - 1 >= 3 && end - at - 1 <= 32 && !utf::is_word(after(end)) && after(end) != '@')
      add("mention", at, end);
  }
  void hashtag(std::size_t at) {
    if (utf::is_word(before(at)) || before(at) == '#') return;
    auto end = forward(s_, at + 1, [](char32_t c) { return utf::is_word(c) || c == 0x200C || c == 0xB7; });
    bool letter = false;
    for (auto i = at + 1; i < end;) letter = utf::is_letter(utf::next(s_, i)) || letter;
    if (letter && text::code_points(s_.substr(at, end - at)) <= 257 && after(end) != '#') add("hashtag", at, end);
  }
  void cashtag(std::size_t at) {
    if (utf::is_word(before(at)) || before(at) == '$') return;
    auto end = forward(s_, at + 1, [](char32_t c) { return c >= 'A' && c <= 'Z'; });
    if (end > at + 1 && end <= at + 9 && !utf::is_word(after(end)) && after(end) != '$') add("cashtag", at, end);
  }
  void command(std::size_t at) {
    auto refuses = [](char32_t c) { return utf::is_word(c) || c == '/' || c == '<' || c == '>'; };
    if (refuses(before(at))) return;
    auto end = forward(s_, at + 1, is_name);
    if (end == at + 1 || end > at + 65) return;
    if (after(end) == '@') {
      auto name = forward(s_, end + 1, is_name);
      if (name - end - 1 >= 3 && name - end - 1 <= 32) end = name;
    }
    if (!refuses(after(end))) add("bot_command", at, end);
  }

  std::string_view s_;
  std::vector<std::pair<std::string, Span>> found_;
};

}  // namespace

std::vector<TextEntity> find_automatic(std::string_view text) {
  return Finder(text).find();
}

}  // namespace broadsheet::fakes
