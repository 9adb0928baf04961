using System;
using System.Collections.Generic;
using System.Linq;

namespace NetGen.Compiler.Emit;

/// <summary>The names that the generated part of a class needs for itself.</summary>
internal static class MemberNames
{
    /// <summary>What private members of the generated part start with; no member of the user's may.</summary>
    public const string PrivatePrefix = "netgen";

    /// <summary>Members that nothing else may be named like: every network has them.</summary>
    public static IReadOnlyList<string> Always { get; } = ["InputSize", "OutputSize", "ParameterCount", "Summary", "Nodes", "Parameters", "Buffers", "Kernels512", "Kernels256", "Kernels128"];

    /// <summary>Members that nothing else may be named like in a class with <c>[Train]</c>.</summary>
    public static IReadOnlyList<string> Training { get; } =
        ["TargetSize", "BatchSize", "LearningRate", "Momentum", "WeightDecay", "DropoutRate", "Loss", "OptimizerState", "StepCount", "Seed"];

    /// <summary>Methods of every network: overloads of the user's are welcome.</summary>
    public static IReadOnlyList<GeneratedMethod> Methods { get; } =
    [
        new("Predict", "System.ReadOnlySpan<float>", "System.Span<float>"),
    ];

    /// <summary>Methods of a network that takes bytes.</summary>
    public static IReadOnlyList<GeneratedMethod> ByteMethods { get; } =
    [
        new("Predict", "System.ReadOnlySpan<byte>", "System.Span<float>"),
    ];

    /// <summary>Methods of a network with <c>[Train]</c> that takes bytes.</summary>
    public static IReadOnlyList<GeneratedMethod> ByteTrainingMethods { get; } =
    [
        new("TrainBatch", "System.ReadOnlySpan<byte>", "System.ReadOnlySpan<float>"),
        new("TrainBatch", "System.ReadOnlySpan<byte>", "System.ReadOnlySpan<int>"),
    ];

    /// <summary>Methods of a class with <c>[Train]</c>.</summary>
    public static IReadOnlyList<GeneratedMethod> TrainingMethods { get; } =
    [
        new("TrainBatch", "System.ReadOnlySpan<float>", "System.ReadOnlySpan<float>"),
        new("TrainBatch", "System.ReadOnlySpan<float>", "System.ReadOnlySpan<int>"),
        new("ComputeGradients", "System.ReadOnlySpan<float>", "System.ReadOnlySpan<float>", "NetGen.Gradients"),
        new("ComputeGradients", "System.ReadOnlySpan<float>", "System.ReadOnlySpan<int>", "NetGen.Gradients"),
        new("ComputeLoss", "System.ReadOnlySpan<float>", "System.ReadOnlySpan<float>"),
        new("ComputeLoss", "System.ReadOnlySpan<float>", "System.ReadOnlySpan<int>"),
        new("CreateGradients"),
    ];

    /// <summary>Methods of a class that names functions of its own.</summary>
    public static IReadOnlyList<GeneratedMethod> OwnMethods { get; } =
    [
        new("CheckDerivatives"),
    ];

    /// <summary>Whether a member other than a method of this name would clash; also the class itself may not bear such a name.</summary>
    public static bool IsTaken(string name, bool trains, bool hasOwn = false) =>
        IsTakenByNoMethod(name, trains) || MethodsOf(trains, hasOwn: hasOwn).Any(method => method.Name == name);

    /// <summary>Whether even a method of this name would clash, whatever its parameters.</summary>
    public static bool IsTakenByNoMethod(string name, bool trains) =>
        Always.Contains(name) || (trains && Training.Contains(name)) || name.StartsWith(PrivatePrefix, StringComparison.Ordinal);

    public static IEnumerable<GeneratedMethod> MethodsOf(bool trains, bool takesBytes = false, bool hasOwn = false) =>
        Methods
            .Concat(trains ? TrainingMethods : [])
            .Concat(takesBytes ? ByteMethods : [])
            .Concat(trains && takesBytes ? ByteTrainingMethods : [])
            .Concat(hasOwn ? OwnMethods : []);
}

/// <summary>A generated method: its name and the types of its parameters, as C# writes them with full names.</summary>
internal sealed class GeneratedMethod(string name, params string[] parameters)
{
    public string Name { get; } = name;

    public bool Matches(string name, IEnumerable<string> types) => name == Name && types.SequenceEqual(parameters);
}
