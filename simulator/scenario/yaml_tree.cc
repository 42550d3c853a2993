#include "simulator/scenario/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <exception>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "simulator/scenario/yaml_syntax.h"
#include "simulator/scenario/yaml_text.h"

namespace replsim {
namespace {

// Builds the tree from the parser's events. The keys of a map arrive as ordinary scalars.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string source, Mistakes* mistakes)
      : source_(std::move(source)), mistakes_(mistakes) {}

  int documents() const { return documents_; }
  YamlNode TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2) {
      mistakes_->Add(At(mark), "a second document begins here; a scenario is a single document");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Refuse(mark, "", anchor);
    Finish(Make(mark, YamlNode::Kind::kNull));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    mistakes_->Add(At(mark), "aliases (*name) are not supported; write the value itself");
    Finish(Make(mark, YamlNode::Kind::kNull));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Refuse(mark, tag, anchor);
    YamlNode node = Make(mark, YamlNode::Kind::kScalar);
    node.scalar = value;
    Finish(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Refuse(mark, tag, anchor);
    open_.push_back({Make(mark, YamlNode::Kind::kList), {}});
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Refuse(mark, tag, anchor);
    open_.push_back({Make(mark, YamlNode::Kind::kMap), {}});
  }
  void OnMapEnd() override { Close(); }

 private:
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;  // of a map: read, but its value is still missing
  };

  Place At(const YAML::Mark& mark) const { return {source_, mark.line + 1, mark.column + 1}; }

  YamlNode Make(const YAML::Mark& mark, YamlNode::Kind kind) const {
    YamlNode node;
    node.kind = kind;
    node.place = At(mark);
    return node;
  }

  void Refuse(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      mistakes_->Add(At(mark), "anchors (&name) are not supported; write the value itself");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      mistakes_->Add(At(mark), "tags (!name) are not supported; write only the value");
    }
  }

  void Close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    Finish(std::move(node));
  }

  void Finish(YamlNode node) {
    if (open_.empty()) {
      if (documents_ == 1) root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::kList) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key.has_value()) {
      parent.key = std::move(node);
    } else {
      AddEntry(&parent, std::move(node));
    }
  }

  void AddEntry(Open* parent, YamlNode value) {
    const YamlNode key = *std::move(parent->key);
    parent->key.reset();
    if (key.kind != YamlNode::Kind::kScalar) {
      mistakes_->Add(key.place, absl::StrCat("a key must be a word, read ", WhatItIs(key)));
      return;
    }
    parent->node.entries.push_back({key.scalar, key.place, std::move(value)});
  }

  const std::string source_;
  Mistakes* const mistakes_;
  std::vector<Open> open_;
  YamlNode root_;
  int documents_ = 0;
};

void SetPlaces(const Place& place, YamlNode* node) {
  node->place = place;
  for (YamlNode& item : node->items) SetPlaces(place, &item);
  for (YamlEntry& entry : node->entries) {
    entry.place = place;
    SetPlaces(place, &entry.value);
  }
}

}  // namespace

std::optional<YamlNode> ParseYaml(const std::string& text, const std::string& source,
                                  Mistakes* mistakes) {
  Mistakes own;
  if (const std::optional<Mistake> bad = FindBadText(text, source)) {
    mistakes->Add(bad->place, bad->text);
    return std::nullopt;
  }
  TreeBuilder builder(source, &own);
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    while (builder.documents() < 2 && parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const Place place{source, error.mark.line + 1, error.mark.column + 1};
    const Mistake mistake = ExplainSyntax(text, place, error.msg);
    own.Add(mistake.place, mistake.text);
  } catch (const std::exception& error) {
    own.Add({source, 1, 1}, absl::StrCat("not YAML: ", error.what()));
  }
  if (own.empty() && builder.documents() == 0) {
    own.Add({source, 1, 1},
            "the file is empty; expected a scenario (`replsim schema` describes it)");
  }
  for (const Mistake& mistake : own.all()) mistakes->Add(mistake.place, mistake.text);
  if (!own.empty()) return std::nullopt;
  return builder.TakeRoot();
}

std::optional<YamlNode> ParseYamlValue(const std::string& text, const Place& place,
                                       Mistakes* mistakes) {
  Mistakes own;
  std::optional<YamlNode> node = ParseYaml(text, place.source, &own);
  for (const Mistake& mistake : own.all()) {
    // For a value only the kind of mistake counts; its line and column are those of the flag or
    // list.
    mistakes->Add(place, text.empty() ? "no value; expected PATH=VALUE" : mistake.text);
  }
  if (node.has_value()) SetPlaces(place, &*node);
  return node;
}

}  // namespace replsim
