//! 解析代价: what HTML costs to be parsed. The rules of HTML repeat every open `<font>` in every paragraph and look
//! through all open elements at every tag, so a few kilobytes can ask for gigabytes or minutes. The parser runs here over
//! a tree without words, counts what it does and is stopped when that is too much: what passes costs no more anywhere.

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, ExpandedName, QualName, TokenizerResult, local_name, ns};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

/// How the reader of the HTML parses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// As the content of an element, as the sanitiser does.
    Fragment,
    /// As a page without scripts, as whoever wants its text does.
    Page,
}

/// Deepest nesting.
const DEEPEST: u32 = 500;
/// Nodes and, four to one, attributes. Half a kilobyte each; what attributes say weighs as much.
const MOST_NODES: u64 = 150_000;
/// Steps of the parser: elements looked at, siblings counted, attributes compared.
const MOST_STEPS: u64 = 20_000_000;
/// Marks between attributes in one tag; each attribute is compared with those before it.
const MOST_MARKS: usize = 33_000;
/// Bytes read between two looks.
const BITE: usize = 4096;

/// Whether it can be parsed in reasonable time and room.
pub(super) fn is_bearable(html: &str, reading: Reading) -> bool {
    let tokenizer = tokenizer(reading);
    let meter = || &tokenizer.sink.tree.sink;
    let queue = BufferQueue::default();
    let (mut rest, mut marks) = (html, 0);
    while !rest.is_empty() {
        let end = (0..=BITE.min(rest.len())).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let (bite, later) = rest.split_at(end);
        rest = later;
        let tokens = meter().tokens.get();
        queue.push_back(StrTendril::from_slice(bite));
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        if meter().tokens.get() != tokens {
            marks = 0;
        }
        marks += bite.bytes().filter(|byte| byte.is_ascii_whitespace() || b"/\"'".contains(byte)).count();
        if marks > MOST_MARKS || meter().is_over() {
            return false;
        }
    }
    tokenizer.end();
    !meter().is_over()
}

fn tokenizer(reading: Reading) -> Tokenizer<Watch> {
    let options = TreeBuilderOpts { scripting_enabled: reading == Reading::Fragment, ..TreeBuilderOpts::default() };
    let meter = Meter::default();
    if reading == Reading::Page {
        return Tokenizer::new(Watch { tree: TreeBuilder::new(meter, options) }, TokenizerOpts::default());
    }
    let around = meter.create_element(QualName::new(None, ns!(html), local_name!("div")), Vec::new(), ElementFlags::default());
    let tree = TreeBuilder::new_for_fragment(meter, around, None, options);
    let initial_state = Some(tree.tokenizer_state_for_context_elem(false));
    Tokenizer::new(Watch { tree }, TokenizerOpts { initial_state, ..TokenizerOpts::default() })
}

/// Hands tokens on until it has become too much.
struct Watch {
    tree: TreeBuilder<Handle, Meter>,
}

impl TokenSink for Watch {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        let meter = &self.tree.sink;
        if meter.is_over() {
            return TokenSinkResult::Continue;
        }
        if !matches!(token, Token::ParseError(_)) {
            meter.tokens.set(meter.tokens.get() + 1);
        }
        if let Token::TagToken(tag) = &token {
            let count = tag.attrs.len() as u64;
            meter.step(1 + count * count / 8);
        }
        self.tree.process_token(token, line)
    }

    fn end(&self) {
        if !self.tree.sink.is_over() {
            self.tree.end();
        }
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.tree.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

type Handle = Rc<Node>;

/// An element as far as the parser asks; others have no name.
struct Node {
    name: QualName,
    attributes: Cell<u64>,
    is_integration_point: bool,
    depth: Cell<u32>,
    children: Cell<u64>,
    ends_in_text: Cell<bool>,
    parent: RefCell<Weak<Node>>,
    template: OnceCell<Handle>,
}

impl Node {
    fn new(name: QualName, attributes: u64, is_integration_point: bool) -> Handle {
        Rc::new(Node {
            name,
            attributes: Cell::new(attributes),
            is_integration_point,
            depth: Cell::new(0),
            children: Cell::new(0),
            ends_in_text: Cell::new(false),
            parent: RefCell::default(),
            template: OnceCell::new(),
        })
    }

    fn nameless() -> Handle {
        Node::new(QualName::new(None, ns!(), local_name!("")), 0, false)
    }

    fn parent(&self) -> Option<Handle> {
        self.parent.borrow().upgrade()
    }
}

/// A tree that only counts.
struct Meter {
    document: Handle,
    /// The tree holds its nodes weakly; they live here.
    alive: RefCell<Vec<Handle>>,
    tokens: Cell<u64>,
    nodes: Cell<u64>,
    steps: Cell<u64>,
    is_too_deep: Cell<bool>,
}

impl Default for Meter {
    fn default() -> Meter {
        Meter {
            document: Node::nameless(),
            alive: RefCell::default(),
            tokens: Cell::new(0),
            nodes: Cell::new(0),
            steps: Cell::new(0),
            is_too_deep: Cell::new(false),
        }
    }
}

impl Meter {
    fn is_over(&self) -> bool {
        self.is_too_deep.get() || self.nodes.get() > MOST_NODES || self.steps.get() > MOST_STEPS
    }

    fn step(&self, count: u64) {
        self.steps.set(self.steps.get().saturating_add(count));
    }

    fn grow(&self, count: u64) {
        self.nodes.set(self.nodes.get() + count);
    }

    fn made(&self, node: Handle) -> Handle {
        self.grow(1 + node.attributes.get() / 4);
        if !self.is_over() {
            self.alive.borrow_mut().push(node.clone());
        }
        node
    }

    fn place(&self, parent: &Handle, child: NodeOrText<Handle>) {
        match child {
            NodeOrText::AppendText(_) if parent.ends_in_text.replace(true) => return,
            NodeOrText::AppendText(_) => self.grow(1),
            NodeOrText::AppendNode(node) => {
                if let Some(before) = node.parent() {
                    self.step(before.children.get());
                }
                parent.ends_in_text.set(false);
                let depth = parent.depth.get() + 1;
                node.depth.set(depth);
                *node.parent.borrow_mut() = Rc::downgrade(parent);
                self.is_too_deep.set(self.is_too_deep.get() || depth > DEEPEST);
                // Open elements are compared with each other, attribute by attribute.
                self.step((1 + node.attributes.get()) * u64::from(depth));
            }
        }
        parent.children.set(parent.children.get() + 1);
    }
}

impl TreeSink for Meter {
    type Handle = Handle;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.document.clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        self.step(1);
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Handle {
        // It is given a copy of every option chosen.
        if &*name.local == "selectedcontent" {
            self.step(MOST_STEPS);
        }
        let said: usize = attributes.iter().map(|attribute| attribute.value.len()).sum();
        self.grow(said as u64 / 256);
        let node = Node::new(name, attributes.len() as u64, flags.mathml_annotation_xml_integration_point);
        self.made(node)
    }

    fn create_comment(&self, _text: StrTendril) -> Handle {
        self.made(Node::nameless())
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Handle {
        self.made(Node::nameless())
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.place(parent, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, above: &Handle, child: NodeOrText<Handle>) {
        if element.parent().is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.place(above, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public_id: StrTendril, _system_id: StrTendril) {
        self.grow(1);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        let contents = target.template.get_or_init(|| {
            let contents = Node::nameless();
            contents.depth.set(target.depth.get());
            contents
        });
        contents.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.step(1);
        Rc::ptr_eq(x, y)
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        let Some(parent) = sibling.parent() else { return };
        // The place among the siblings is searched for.
        self.step(parent.children.get());
        parent.ends_in_text.set(false);
        self.place(&parent, child);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        let (before, more) = (target.attributes.get(), attributes.len() as u64);
        self.step(before * more);
        self.grow(more / 4);
        target.attributes.set(before + more);
    }

    fn remove_from_parent(&self, target: &Handle) {
        if let Some(parent) = target.parent.take().upgrade() {
            self.step(parent.children.get());
        }
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let moved = node.children.replace(0);
        self.step(moved);
        new_parent.children.set(new_parent.children.get() + moved);
        new_parent.ends_in_text.set(node.ends_in_text.replace(false));
    }

    fn is_mathml_annotation_xml_integration_point(&self, handle: &Handle) -> bool {
        handle.is_integration_point
    }
}
