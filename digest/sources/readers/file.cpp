#include "digest/sources/readers/file.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/sources/readers/api.hpp"
#include "digest/sources/readers/jsonl.hpp"
#include "digest/sources/readers/oai.hpp"

namespace broadsheet::sources {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChunk = std::size_t{1} << 18;
constexpr std::size_t kHead = 4096;  // what tells the form
constexpr std::size_t kLongestLine = std::size_t{4} << 20;
constexpr std::size_t kLargestDocument = std::size_t{64} << 20;
constexpr std::uint64_t kLargestStream = std::uint64_t{4} << 30;  // unpacked

// Unpacked bytes of a file, chunk by chunk.
class Input {
 public:
  static Result<std::unique_ptr<Input>> open(const std::string& path);
  virtual ~Input() = default;
  // Appends the next bytes; false at the end. Errors when the packing is damaged.
  virtual Result<bool> read(std::string& out) = 0;
};

class PlainInput final : public Input {
 public:
  explicit PlainInput(std::ifstream in) : in_(std::move(in)), buffer_(kChunk) {}
  Result<bool> read(std::string& out) override {
    in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    out.append(buffer_.data(), static_cast<std::size_t>(in_.gcount()));
    return in_.gcount() > 0;
  }

 private:
  std::ifstream in_;
  std::vector<char> buffer_;
};

class GzipInput final : public Input {
 public:
  explicit GzipInput(gzFile file) : file_(file, gzclose), buffer_(kChunk) {}
  Result<bool> read(std::string& out) override {
    int n = gzread(file_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
    if (n < 0) return Error(ErrorKind::bad_input, "damaged gzip data");
    int code = Z_OK;
    gzerror(file_.get(), &code);
    if (code == Z_BUF_ERROR) return Error(ErrorKind::bad_input, "gzip data is cut off");
    out.append(buffer_.data(), static_cast<std::size_t>(n));
    return n > 0;
  }

 private:
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
  std::vector<char> buffer_;
};

class ZstdInput final : public Input {
 public:
  explicit ZstdInput(std::ifstream in)
      : in_(std::move(in)),
        stream_(ZSTD_createDStream(), ZSTD_freeDStream),
        packed_(ZSTD_DStreamInSize()),
        plain_(ZSTD_DStreamOutSize()) {}
  Result<bool> read(std::string& out) override {
    for (;;) {
      if (source_.pos == source_.size) {
        in_.read(packed_.data(), static_cast<std::streamsize>(packed_.size()));
        source_ = {packed_.data(), static_cast<std::size_t>(in_.gcount()), 0};
        if (source_.size == 0) {
          if (pending_ != 0) return Error(ErrorKind::bad_input, "zstd data is cut off");
          return false;
        }
      }
      ZSTD_outBuffer target{plain_.data(), plain_.size(), 0};
      pending_ = ZSTD_decompressStream(stream_.get(), &target, &source_);
      if (ZSTD_isError(pending_) != 0)
        return Error(ErrorKind::bad_input, std::string("damaged zstd data: ") + ZSTD_getErrorName(pending_));
      if (target.pos == 0) continue;
      out.append(plain_.data(), target.pos);
      return true;
    }
  }

 private:
  std::ifstream in_;
  std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream_;
  std::vector<char> packed_, plain_;
  ZSTD_inBuffer source_{nullptr, 0, 0};
  std::size_t pending_ = 0;
};

Result<std::unique_ptr<Input>> Input::open(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error(ErrorKind::bad_input, path + ": cannot be opened; check the name and its rights");
  char magic[4] = {};
  in.read(magic, 4);
  std::string_view head(magic, static_cast<std::size_t>(in.gcount()));
  in.clear();
  in.seekg(0);
  if (head.starts_with("\x1F\x8B")) {
    auto* file = gzopen(path.c_str(), "rb");
    if (file == nullptr) return Error(ErrorKind::bad_input, path + ": cannot be opened");
    return std::unique_ptr<Input>(std::make_unique<GzipInput>(file));
  }
  if (head.starts_with("\x28\xB5\x2F\xFD")) return std::unique_ptr<Input>(std::make_unique<ZstdInput>(std::move(in)));
  return std::unique_ptr<Input>(std::make_unique<PlainInput>(std::move(in)));
}

class FileReader {
 public:
  FileReader(std::string file, const ReadSink& sink) : file_(std::move(file)), sink_(sink) {}

  void run(Input& input) {
    std::string buffer;
    while (buffer.size() < kHead)  // a packed stream may begin with a block of a few bytes
      if (!fill(input, buffer)) break;
    if (failed_) return;
    auto format = detect(buffer);
    if (format == Format::jsonl) return lines(input, std::move(buffer));
    while (buffer.size() <= kLargestDocument)
      if (!fill(input, buffer)) break;
    if (failed_) return;
    if (buffer.size() > kLargestDocument) return reject(0, 0, "larger than 64 MiB");
    document(buffer, format);
  }

 private:
  bool fill(Input& input, std::string& buffer) {
    auto more = input.read(buffer);
    if (!more) {
      failed_ = true;
      reject(0, 0, more.error().what());
      return false;
    }
    return *more;
  }

  void lines(Input& input, std::string buffer) {
    std::size_t line = 0;
    std::uint64_t total = buffer.size();
    bool skipping = false;  // the rest of a line that was too long
    for (bool more = true; more;) {
      std::size_t from = 0;
      for (auto end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n', from)) {
        if (!skipping) record(std::string_view(buffer).substr(from, end - from), ++line);
        skipping = false;
        from = end + 1;
      }
      buffer.erase(0, from);
      if (buffer.size() > kLongestLine && !skipping) {
        reject(++line, 0, "line longer than 4 MiB");
        skipping = true;
      }
      if (skipping) buffer.clear();
      auto before = buffer.size();
      more = fill(input, buffer);
      total += buffer.size() - before;
      if (total > kLargestStream) return reject(line, 0, "more than 4 GiB unpacked; the rest was not read");
    }
    if (!text::trim(buffer).empty() && !skipping && !failed_) record(buffer, line + 1);
  }

  void record(std::string_view bytes, std::size_t line) {
    if (text::trim(bytes).empty()) return;
    if (!text::is_valid_utf8(bytes)) return reject(line, 0, "not valid UTF-8");
    auto paper = read_jsonl_line(bytes);
    if (!paper) return reject(line, 0, paper.error().what());
    sink_.paper(std::move(*paper));
  }

  void document(const std::string& bytes, Format format) {
    switch (format) {
      case Format::atom_api:
        return api_page(bytes);
      case Format::oai:
        return papers(read_oai(bytes));
      case Format::rss:
      case Format::atom_feed: {
        auto page = read_feed(bytes);
        if (!page) return reject(0, 0, page.error().what());
        problems(page->problems);
        return sink_.feed(std::move(*page));
      }
      case Format::listing_html: {
        auto page = read_listing_html(bytes);
        if (!page) return reject(0, 0, page.error().what());
        problems(page->problems);
        return sink_.listing(std::move(*page));
      }
      case Format::f1:
      case Format::f2:
        return sink_.digest(file_, bytes, format);
      default:
        return reject(0, 0, bytes.empty() ? "empty file" : "not in a form that can be read");
    }
  }

  void api_page(const std::string& bytes) {
    auto page = read_api(bytes);
    // contracts: arXiv 1.6: before the end an empty page is a fault.
    bool cut = page && page->papers.empty() && page->problems.empty() && page->start < page->total;
    if (cut)
      reject(0, 0,
             "an empty page, although arXiv counts " + std::to_string(page->total) + " results from " +
                 std::to_string(page->start) + " on; ask arXiv for it again");
    papers(std::move(page));
  }

  template <class Page>
  void papers(Result<Page> page) {
    if (!page) return reject(0, 0, page.error().what());
    problems(page->problems);
    for (auto& paper : page->papers) sink_.paper(std::move(paper));
  }

  void problems(const std::vector<std::string>& found) {
    for (std::size_t i = 0; i < found.size(); ++i) reject(0, i + 1, found[i]);
  }

  void reject(std::size_t line, std::size_t record, const std::string& reason) {
    sink_.rejected({file_, line, record, reason});
  }

  std::string file_;
  const ReadSink& sink_;
  bool failed_ = false;
};

// Local name of the root element of folded XML or HTML; past declarations, comments and a document type.
std::string_view root_name(std::string_view s) {
  while (s.starts_with("<?") || s.starts_with("<!")) {
    if (s.starts_with("<!doctype html")) return "html";
    std::string_view end = s.starts_with("<?") ? "?>" : s.starts_with("<!--") ? "-->" : ">";
    auto at = s.find(end);
    if (at == std::string_view::npos) return {};
    s = text::trim(s.substr(at + end.size()));
  }
  if (!s.starts_with("<")) return {};
  auto name = s.substr(1, s.find_first_of(" \t\r\n/>") - 1);
  auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

Format detect(std::string_view head) {
  head = head.substr(0, kHead);
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  auto s = text::trim(head);
  if (s.starts_with("{")) return Format::jsonl;
  if (s.starts_with("# arxiv ")) return Format::f2;
  if (s.starts_with("time:") || s.find("\n# Arxiv ") != std::string_view::npos || s.starts_with("# Arxiv "))
    return Format::f1;
  if (!s.starts_with("<")) return Format::unknown;
  auto folded = text::lower_ascii(s);
  auto root = root_name(folded);
  if (root == "html") return Format::listing_html;
  if (root == "oai-pmh" || root == "listrecords" || root == "record") return Format::oai;
  if (root == "rss") return Format::rss;
  // A query may be about feeds: what makes it the query API's answer is said in its own title.
  bool query = folded.find("arxiv query:") != std::string::npos || folded.find("/api/") != std::string::npos;
  bool feed = folded.find("updates on arxiv.org") != std::string::npos ||
              folded.find("rss.arxiv.org") != std::string::npos || folded.find("announce_type") != std::string::npos;
  return feed && !query ? Format::atom_feed : Format::atom_api;
}

Status read_path(const std::string& path, const ReadSink& sink) {
  std::error_code ec;
  std::vector<std::string> files;
  if (fs::is_directory(path, ec)) {
    for (const auto& entry : fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, ec))
      if (entry.is_regular_file(ec)) files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(path);
  }
  for (const auto& file : files) {
    auto input = Input::open(file);
    if (!input) return std::move(input).error();
    FileReader(file, sink).run(**input);
  }
  return {};
}

}  // namespace broadsheet::sources
