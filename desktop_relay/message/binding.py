"""A parsed template bound to the merge language: what is not in it refused, names made look-ups of fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.And,
    nodes.Add,
    nodes.Assign,
    nodes.Compare,
    nodes.Concat,
    nodes.CondExpr,
    nodes.Const,
    nodes.Dict,
    nodes.Div,
    nodes.Filter,
    nodes.FloorDiv,
    nodes.For,
    nodes.Getitem,
    nodes.If,
    nodes.Keyword,
    nodes.List,
    nodes.Mod,
    nodes.Mul,
    nodes.Name,
    nodes.Neg,
    nodes.Not,
    nodes.Operand,
    nodes.Or,
    nodes.Output,
    nodes.Pair,
    nodes.Pos,
    nodes.Pow,
    nodes.Slice,
    nodes.Sub,
    nodes.Template,
    nodes.TemplateData,
    nodes.Test,
    nodes.Tuple,
)
LOOP_ATTRIBUTES = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})

# Names with a space in them cannot be written in a template.
FIELD = "merge field"
COUNTED = "counted steps"
RANGE = "counted range"
JOINED = "joined text"
WEIGHED = "weighed value"


def restrict(template: nodes.Template) -> tuple[nodes.Template, frozenset[str]]:
    """Check a parsed template and bind its names to fields; answers the fields it names.

    Raises ``TemplateSyntaxError`` for what the merge language does not have.
    """
    binder = _Binder(template)
    bound = binder.visit(template)
    return bound, frozenset(binder.fields)


class _Binder(NodeTransformer):
    """Replaces names by look-ups and loops by counted ones.

    Python folds identifiers by NFKC, so Jinja2 alone would take ﾌﾘｶﾞﾅ and フリガナ for one variable.
    """

    def __init__(self, template: nodes.Template) -> None:
        self.assigned = {name.name for name in template.find_all(nodes.Name) if name.ctx != "load"}
        self.fields: set[str] = set()
        self._loops = 0
        assert template.environment is not None
        self._environment = template.environment

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        visitor: Callable[..., Any] | None = getattr(self, f"visit_{type(node).__name__}", None)
        if visitor is None and not isinstance(node, _ALLOWED):
            raise TemplateSyntaxError(type(node).__name__.lower(), node.lineno)
        return super().visit(node, *args, **kwargs)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        if node.ctx != "load" or (node.name == "loop" and self._loops):
            return node
        if node.name in self.assigned:
            return node
        return self._field(node.name, node.lineno)

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name == "range" and not (node.kwargs or node.dyn_args or node.dyn_kwargs):
            arguments = nodes.List([self.visit(arg) for arg in node.args], lineno=node.lineno)
            return self._filter(arguments, RANGE)
        argument = node.args[0] if name == "field" and len(node.args) == 1 else None
        if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
            return self._field(argument.value, node.lineno)
        raise TemplateSyntaxError(f"{name}()", node.lineno)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        on_loop = isinstance(node.node, nodes.Name) and node.node.name == "loop" and self._loops
        if not on_loop or node.attr not in LOOP_ATTRIBUTES:
            raise TemplateSyntaxError(f".{node.attr}", node.lineno)
        return node

    def visit_For(self, node: nodes.For) -> nodes.Node:
        if node.recursive:
            raise TemplateSyntaxError("recursive", node.lineno)
        node.target = self.visit(node.target)
        node.iter = self._filter(self.visit(node.iter), COUNTED)
        self._loops += 1
        node.test = node.test and self.visit(node.test)
        node.body = [self.visit(inner) for inner in node.body]
        self._loops -= 1
        node.else_ = [self.visit(inner) for inner in node.else_]
        return node

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        if node.node is None or node.name not in self._environment.filters:
            raise TemplateSyntaxError(f"|{node.name}", node.lineno)
        self.generic_visit(node)
        node.node = self._filter(node.node, WEIGHED)
        return node

    def visit_Test(self, node: nodes.Test) -> nodes.Node:
        if node.name not in self._environment.tests:
            raise TemplateSyntaxError(f"is {node.name}", node.lineno)
        self.generic_visit(node)
        node.node = self._filter(node.node, WEIGHED)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        node.expr = self._filter(node.expr, WEIGHED)
        for operand in node.ops:
            operand.expr = self._filter(operand.expr, WEIGHED)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        node.node = self._filter(node.node, WEIGHED)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return self._filter(nodes.List(node.nodes, lineno=node.lineno), JOINED)

    def _field(self, name: str, line: int) -> nodes.Filter:
        self.fields.add(name)
        return self._filter(nodes.Const(name, lineno=line), FIELD)

    def _filter(self, subject: nodes.Expr, name: str) -> nodes.Filter:
        made = nodes.Filter(subject, name, [], [], None, None, lineno=subject.lineno)
        made.set_environment(self._environment)
        return made
