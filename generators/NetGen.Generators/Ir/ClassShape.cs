using NetGen.Compiler.Support;

namespace NetGen.Compiler.Ir;

/// <summary>
/// What must be known of a class to write another part of it even when its declaration has errors.
/// </summary>
/// <param name="Namespace">The class's namespace, dotted; empty for none.</param>
/// <param name="ContainingTypes">The types around the class, outermost first: <c>partial class Outer</c>.</param>
/// <param name="Header">The class as it must be written again, with its type parameters: <c>partial class Net</c>.</param>
/// <param name="Name">The class's name, as its constructors bear it.</param>
/// <param name="HintName">The stem of the generated file's name.</param>
/// <param name="CanBeExtended">Whether another part can be written at all: the class and those around it are partial, and it is neither static nor file-local.</param>
/// <param name="HasOwnConstructor">Whether the user's code leaves no room for the generated constructor.</param>
/// <param name="Taken">Generated members' names that the user's code has taken; of interface members <c>INetwork.Predict</c>.</param>
/// <param name="Trains">Whether it has a <c>[Train]</c>.</param>
/// <param name="Classifies">Whether its loss takes labels, or is not known.</param>
/// <param name="TakesBytes">Whether its inputs may be bytes too.</param>
/// <param name="HasDropout">Whether a layer drops numbers while training.</param>
/// <param name="HasOwnFunctions">Whether an attribute names a function of the class's own.</param>
internal sealed record ClassShape(
    string Namespace,
    EquatableArray<string> ContainingTypes,
    string Header,
    string Name,
    string HintName,
    bool CanBeExtended,
    bool HasOwnConstructor,
    EquatableArray<string> Taken,
    bool Trains,
    bool Classifies,
    bool TakesBytes,
    bool HasDropout,
    bool HasOwnFunctions);

/// <summary>The front end's result: the class, what it declares (null where that cannot be said), and what is wrong with it.</summary>
/// <param name="Shape">The class.</param>
/// <param name="Declaration">What it declares; null when an attribute could not be read.</param>
/// <param name="Errors">What the front end found; passes add theirs.</param>
/// <param name="Broken">Whether C# itself has an error in the attributes, which its compiler reports.</param>
internal sealed record ParsedNetwork(ClassShape Shape, NetworkDeclaration? Declaration, EquatableArray<CompilerError> Errors, bool Broken);
