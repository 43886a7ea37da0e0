//! A tree that is built while what it costs is counted, so that building it can be stopped.

use std::borrow::Cow;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, QualName};

use super::fragment::{Fragment, Node};
use super::meter::{Child, Element, Meter};

/// Whoever knows what was asked of a tree so far.
pub(super) trait Metered: TreeSink {
    fn meter(&self) -> &Meter;
}

impl Metered for Meter {
    fn meter(&self) -> &Meter {
        self
    }
}

/// A [`Fragment`] with a [`Meter`] that is asked the same.
#[derive(Debug)]
pub(super) struct MeteredFragment {
    meter: Meter,
    tree: Fragment,
}

/// A node of the tree, and the same in the meter.
#[derive(Clone, Debug)]
pub(super) struct Twin {
    element: Element,
    node: Node,
}

impl MeteredFragment {
    pub(super) fn new() -> Self {
        Self { meter: Meter::default(), tree: Fragment::new() }
    }

    pub(super) fn into_tree(self) -> Fragment {
        self.tree
    }
}

impl Metered for MeteredFragment {
    fn meter(&self) -> &Meter {
        &self.meter
    }
}

impl TreeSink for MeteredFragment {
    type Handle = Twin;
    type Output = Self;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Twin {
        Twin { element: self.meter.get_document(), node: self.tree.get_document() }
    }

    fn elem_name<'a>(&'a self, target: &'a Twin) -> ExpandedName<'a> {
        self.meter.elem_name(&target.element)
    }

    fn same_node(&self, left: &Twin, right: &Twin) -> bool {
        self.meter.same_node(&left.element, &right.element)
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> Twin {
        let is_point = flags.mathml_annotation_xml_integration_point;
        Twin {
            element: self.meter.element(name.clone(), &attributes, is_point),
            node: self.tree.create_element(name, attributes, flags),
        }
    }

    fn create_comment(&self, text: StrTendril) -> Twin {
        Twin { element: self.meter.comment(&text), node: self.tree.create_comment(text) }
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Twin {
        Twin { element: self.meter.comment(&data), node: self.tree.create_pi(target, data) }
    }

    fn append(&self, parent: &Twin, child: NodeOrText<Twin>) {
        self.meter.append_child(&parent.element, counted(&child));
        self.tree.append(&parent.node, built(child));
    }

    fn append_based_on_parent_node(
        &self,
        element: &Twin,
        previous: &Twin,
        child: NodeOrText<Twin>,
    ) {
        self.meter.foster(&element.element, &previous.element, counted(&child));
        self.tree.append_based_on_parent_node(&element.node, &previous.node, built(child));
    }

    fn append_before_sibling(&self, sibling: &Twin, child: NodeOrText<Twin>) {
        self.meter.insert_before(&sibling.element, counted(&child));
        self.tree.append_before_sibling(&sibling.node, built(child));
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Twin) -> Twin {
        Twin {
            element: self.meter.get_template_contents(&target.element),
            node: self.tree.get_template_contents(&target.node),
        }
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn add_attrs_if_missing(&self, target: &Twin, attributes: Vec<Attribute>) {
        self.meter.add_attributes(&target.element, attributes.len());
        self.tree.add_attrs_if_missing(&target.node, attributes);
    }

    fn remove_from_parent(&self, target: &Twin) {
        self.meter.remove_from_parent(&target.element);
        self.tree.remove_from_parent(&target.node);
    }

    fn reparent_children(&self, node: &Twin, new_parent: &Twin) {
        self.meter.reparent_children(&node.element, &new_parent.element);
        self.tree.reparent_children(&node.node, &new_parent.node);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Twin) -> bool {
        self.meter.is_mathml_annotation_xml_integration_point(&target.element)
    }
}

fn counted(child: &NodeOrText<Twin>) -> Child<'_> {
    match child {
        NodeOrText::AppendNode(twin) => Child::Element(&twin.element),
        NodeOrText::AppendText(text) => Child::Text(text),
    }
}

fn built(child: NodeOrText<Twin>) -> NodeOrText<Node> {
    match child {
        NodeOrText::AppendNode(twin) => NodeOrText::AppendNode(twin.node),
        NodeOrText::AppendText(text) => NodeOrText::AppendText(text),
    }
}
