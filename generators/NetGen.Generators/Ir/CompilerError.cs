using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>
/// Where in a declaration an error is: the class itself, or an argument of one of its attributes. Not a location in a file:
/// the analyzer, which has the syntax, finds that.
/// </summary>
/// <param name="Attribute">The attribute's index among the class's NetGen attributes in source order; −1 for the class itself.</param>
/// <param name="Argument">The constructor parameter or property at fault; null for the whole attribute.</param>
internal readonly record struct Anchor(int Attribute, string? Argument = null)
{
    public static Anchor Class { get; } = new(-1);
}

/// <summary>An error, or a hint, in a declaration.</summary>
/// <param name="Id">A diagnostic's id, such as <c>NG2001</c>.</param>
/// <param name="Anchor">Where.</param>
/// <param name="Arguments">What the message's placeholders stand for.</param>
internal sealed record CompilerError(string Id, Anchor Anchor, EquatableArray<string> Arguments);
