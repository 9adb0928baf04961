using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>
/// Where in a declaration an error is: the class itself, or an argument of one of its attributes. Not a location in a file:
/// the analyzer, which has the syntax, finds that.
/// </summary>
/// <param name="Attribute">
/// The attribute's index: first the inputs in source order, then the layers, then <c>[Train]</c>, each <c>[Loss]</c> and <c>[Output]</c>, whatever
/// order these kinds stand in, so that a pass can count it from the declaration alone; −1 for the class itself.
/// </param>
/// <param name="Argument">
/// The constructor parameter or property at fault, with an index for one element of an array (<c>shape[1]</c>); null for the
/// whole attribute.
/// </param>
internal readonly record struct Anchor(int Attribute, string? Argument = null)
{
    public static Anchor Class { get; } = new(-1);
}

/// <summary>An error, or a hint, in a declaration.</summary>
/// <param name="Id">A diagnostic's id, such as <c>NG2001</c>: one of <see cref="ErrorIds"/>.</param>
/// <param name="Anchor">Where.</param>
/// <param name="Arguments">What the message's placeholders stand for.</param>
internal sealed record CompilerError(string Id, Anchor Anchor, EquatableArray<string> Arguments)
{
    public CompilerError(string id, Anchor anchor, params string[] arguments)
        : this(id, anchor, arguments.ToEquatableArray())
    {
    }

    /// <summary>Whether there can be no network: NG1xxx and NG2xxx; the others only tell.</summary>
    public bool StopsCompilation => Id[2] is '1' or '2';
}
