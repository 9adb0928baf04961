using System;

namespace NetGen.Compiler.Frontend;

/// <summary>Why one of the class's own functions cannot be translated: thrown where it is found, caught where an attribute names the function.</summary>
/// <param name="id">The diagnostic; null where C# itself has an error.</param>
/// <param name="message">What its message says.</param>
/// <param name="method">The method that it is in.</param>
internal sealed class NoTranslationException(string? id, string message, string? method) : Exception(message)
{
    public string? Id { get; } = id;

    public string? Method { get; } = method;

    public static NoTranslationException OfBrokenCode() => new(null, "", null);
}
