using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetGen.Compiler.Frontend;

/// <summary>One of our attributes: where it stands, and its arguments by name.</summary>
internal sealed class AttributeReader(AttributeData data, string kind, int part)
{
    public AttributeData Data { get; } = data;

    /// <summary>The attribute's name without its suffix: <c>Dense</c>.</summary>
    public string Kind { get; } = kind;

    /// <summary>The part of the partial class that it stands on, counted as the compiler counts them.</summary>
    public int Part { get; } = part;

    public int Position => Data.ApplicationSyntaxReference!.Span.Start;

    /// <summary>Whether C# could not bind the attribute or one of its arguments.</summary>
    public bool IsBroken { get; } =
        data.AttributeConstructor is null
        || data.ConstructorArguments.Length != data.AttributeConstructor.Parameters.Length
        || data.ConstructorArguments.Any(IsError)
        || data.NamedArguments.Any(argument => IsError(argument.Value));

    /// <summary>Whether it is an input that says how bytes become numbers.</summary>
    public bool TakesBytes => Kind == "Input" && (Has("Scale") || Has("Offset"));

    /// <summary>Whether it names a function of the class's own: <c>Function = …</c>, or a name in place of an enum's member.</summary>
    public bool NamesFunction => Kind is "Activation" or "Train" or "Loss"
        ? Data.AttributeConstructor?.Parameters.Any(p => p.Name is "function" or "loss" && p.Type.SpecialType == SpecialType.System_String) ?? false
        : Has("Function");

    /// <summary>The argument that names an activation of the class's own.</summary>
    public string FunctionArgument => HasParameter("function") ? "function" : "Function";

    /// <summary>Whether the argument is written in the attribute, rather than left to its default.</summary>
    public bool Has(string property) => Data.NamedArguments.Any(argument => argument.Key == property);

    /// <summary>Whether the constructor that is called has such a parameter.</summary>
    public bool HasParameter(string name) => Data.AttributeConstructor?.Parameters.Any(parameter => parameter.Name == name) ?? false;

    public int Int(string name, int otherwise = 0) => Find(name) is { Kind: TypedConstantKind.Primitive, Value: int value } ? value : otherwise;

    public bool Bool(string name, bool otherwise) => Find(name) is { Kind: TypedConstantKind.Primitive, Value: bool value } ? value : otherwise;

    public double Double(string name, double otherwise) => Find(name) is { Kind: TypedConstantKind.Primitive, Value: double value } ? value : otherwise;

    public string? String(string name) => Find(name) is { Kind: TypedConstantKind.Primitive, Value: string value } ? value : null;

    /// <summary>An enum's number, whether the enum defines it or not.</summary>
    public int Enum(string name) => Find(name) is { Kind: TypedConstantKind.Enum, Value: int value } ? value : 0;

    /// <summary>An array; null where it is not given or null is given for it.</summary>
    public ImmutableArray<TypedConstant>? Array(string name) => Find(name) is { Kind: TypedConstantKind.Array, IsNull: false } array ? array.Values : null;

    private TypedConstant? Find(string name)
    {
        foreach (var argument in Data.NamedArguments)
        {
            if (argument.Key == name)
            {
                return argument.Value;
            }
        }

        var parameters = Data.AttributeConstructor?.Parameters ?? [];
        for (var i = 0; i < Math.Min(parameters.Length, Data.ConstructorArguments.Length); i++)
        {
            if (parameters[i].Name == name)
            {
                return Data.ConstructorArguments[i];
            }
        }

        return null;
    }

    private static bool IsError(TypedConstant constant) =>
        constant.Kind == TypedConstantKind.Error || (constant is { Kind: TypedConstantKind.Array, IsNull: false } && constant.Values.Any(IsError));
}
