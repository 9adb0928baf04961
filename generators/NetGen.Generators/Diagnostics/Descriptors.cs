using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Diagnostics;

/// <summary>Every diagnostic: its title and message. A page in <c>docs/diagnostics</c> explains each.</summary>
internal static class Descriptors
{
    private const string Help = "https://github.com/netgen/netgen/blob/main/docs/diagnostics/";
    private const string Declaration = "NetGen.Declaration";
    private const string Shapes = "NetGen.Shapes";
    private const string Hints = "NetGen.Hints";
    private const string Information = "NetGen.Information";
    private const DiagnosticSeverity Error = DiagnosticSeverity.Error;
    private const DiagnosticSeverity Warning = DiagnosticSeverity.Warning;

    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        new(ErrorIds.NotPartial, "A network class must be partial", "Class '{0}' must be partial: the compiler writes the rest of it", Declaration, Error, true, null, Help + "NG1001.md"),
        new(ErrorIds.OuterTypeNotPartial, "A type around a network class must be partial", "Type '{1}' must be partial, for the network class '{0}' is nested in it", Declaration, Error, true, null, Help + "NG1002.md"),
        new(ErrorIds.Generic, "A network class cannot be generic", "Network class '{0}' cannot be generic or nested in a generic type: '{1}' has type parameters", Declaration, Error, true, null, Help + "NG1003.md"),
        new(ErrorIds.Static, "A network class cannot be static", "Network class '{0}' cannot be static: its parameters belong to an instance", Declaration, Error, true, null, Help + "NG1004.md"),
        new(ErrorIds.Abstract, "A network class cannot be abstract", "Network class '{0}' cannot be abstract", Declaration, Error, true, null, Help + "NG1005.md"),
        new(ErrorIds.FileLocal, "A network class cannot be file-local", "Network class '{0}' cannot be file-local: its other part is in another file", Declaration, Error, true, null, Help + "NG1006.md"),
        new(ErrorIds.Record, "A network class cannot be a record", "Network class '{0}' cannot be a record: a copy would share the parameters", Declaration, Error, true, null, Help + "NG1007.md"),
        new(ErrorIds.MemberClash, "A member is named like a generated one", "'{0}' is the name of a generated member of '{1}'; name yours otherwise", Declaration, Error, true, null, Help + "NG1008.md"),
        new(ErrorIds.Constructor, "A network's constructor must call the generated one", "A constructor of '{0}' must begin with ': this(seed)', and none may have the generated one's parameter list (int)", Declaration, Error, true, null, Help + "NG1009.md"),
        new(ErrorIds.PrimaryConstructor, "A network class cannot have a primary constructor", "Network class '{0}' cannot have a primary constructor: the generated constructor could not call it", Declaration, Error, true, null, Help + "NG1010.md"),
        new(ErrorIds.ClassNamedLikeMember, "A network class is named like a generated member", "A network class cannot be called '{0}': a generated member has this name", Declaration, Error, true, null, Help + "NG1011.md"),
        new(ErrorIds.SpreadOverParts, "Layers stand on several parts of a class", "Put all inputs and layers on one part of the class: between two parts they have no order", Declaration, Error, true, null, Help + "NG1012.md"),
        new(ErrorIds.NoShape, "An input has no shape", "Say the sizes of one sample, as in [Input(784)]", Declaration, Error, true, null, Help + "NG1013.md"),
        new(ErrorIds.UndefinedEnumValue, "An enum value is not defined", "{0} is no value of {1}", Declaration, Error, true, null, Help + "NG1014.md"),
        new(ErrorIds.InvalidName, "A node's name is not valid", "'{0}' cannot name a node: use letters A to Z, digits and underscores, a letter first", Declaration, Error, true, null, Help + "NG1015.md"),
        new(ErrorIds.NameTwice, "Two nodes have the same name", "An earlier node is called '{0}' too; names must differ, by more than their case", Declaration, Error, true, null, Help + "NG1016.md"),
        new(ErrorIds.OptionDoesNotApply, "An option does not apply", "{0} needs {1}; with {2} it has no effect", Declaration, Error, true, null, Help + "NG1017.md"),
        new(ErrorIds.OptionOutOfRange, "An option is out of range", "{0} must be {1}, but is {2}", Declaration, Error, true, null, Help + "NG1018.md"),
        new(ErrorIds.LayersWithoutNetwork, "Layers without [Network]", "Class '{0}' has layers, but without [Network] nothing is generated", Declaration, Warning, true, null, Help + "NG1019.md"),
        new(ErrorIds.LanguageVersion, "NetGen needs C# 12", "The generated part of '{0}' needs C# 12 or later, but the project is compiled as C# {1}", Declaration, Error, true, null, Help + "NG1020.md"),
        new(ErrorIds.VectorWidths, "The property NetGenVectorWidths is not valid", "The MSBuild property NetGenVectorWidths is '{0}', and '{1}' is none of 512, 256 and 128 (separated by semicolons)", Declaration, Error, true, null, Help + "NG1021.md"),
        new(ErrorIds.InputAfterLayer, "An input stands after a layer", "Inputs come before the layers: samples pass through the attributes in their order", Declaration, Error, true, null, Help + "NG1022.md"),
        new(ErrorIds.BaseClass, "The base class does not fit a network", "Network class '{0}' cannot have the base class '{1}', which {2}", Declaration, Error, true, null, Help + "NG1023.md"),
        new(ErrorIds.UnrollBudget, "The property NetGenUnrollBudget is not valid", "The MSBuild property NetGenUnrollBudget is '{0}', but must be a whole number from 0 to 10000", Declaration, Error, true, null, Help + "NG1024.md"),
        new(ErrorIds.CannotUnroll, "A layer cannot be unrolled in full", "'{0}' cannot be unrolled in full: {1}", Declaration, Error, true, null, Help + "NG1025.md"),
        new(ErrorIds.FunctionNotFound, "The class has no such function", "'{1}' has no method '{0}': declare '{2}' in it", Declaration, Error, true, null, Help + "NG1026.md"),
        new(ErrorIds.DerivativeNotFound, "A function has no derivative", "'{0}' has no derivative: declare '{1}' beside it", Declaration, Error, true, null, Help + "NG1027.md"),
        new(ErrorIds.FunctionSignature, "A function has the wrong signature", "'{0}' must be declared as '{1}', but {2}", Declaration, Error, true, null, Help + "NG1028.md"),
        new(ErrorIds.FunctionConstruct, "A function cannot be translated", "'{0}' cannot be translated to vectors: {1}", Declaration, Error, true, null, Help + "NG1029.md"),
        new(ErrorIds.FunctionRecursion, "A function calls itself", "'{0}' cannot be translated to vectors, for it calls itself: {1}", Declaration, Error, true, null, Help + "NG1030.md"),
        new(ErrorIds.NoLoss, "A network that trains has no loss", "Name a loss, as in [Train(Loss.SoftmaxCrossEntropy)], or add a [Loss] for each output that is to learn", Declaration, Error, true, null, Help + "NG1031.md"),
        new(ErrorIds.LossTwice, "A network has a loss in [Train] and others beside it", "[Train] names a loss of the whole prediction, but '{0}' has a [Loss] of its own: leave one of them out, as in [Train(Optimizer.Adam)]", Declaration, Error, true, null, Help + "NG1032.md"),
        new(ErrorIds.LossWithoutTrain, "A loss without [Train]", "[Loss] needs a [Train], which says how the network learns; what a network predicts says [Output]", Declaration, Error, true, null, Help + "NG1033.md"),

        new(ErrorIds.NoInput, "A network has no input", "'{0}' has no [Input]: say the shape of one sample, as in [Input(784)]", Shapes, Error, true, null, Help + "NG2001.md"),
        new(ErrorIds.NoLayer, "A network has no layers", "'{0}' has no layers: add one, such as [Dense(10)]", Shapes, Error, true, null, Help + "NG2002.md"),
        new(ErrorIds.SizeBelowOne, "A size is below 1", "Sizes are at least 1, but {0} is {1}", Shapes, Error, true, null, Help + "NG2003.md"),
        new(ErrorIds.TooLarge, "A size is too large", "{0}: {1} numbers with padding, more than the {2} that fit", Shapes, Error, true, null, Help + "NG2004.md"),
        new(ErrorIds.UnknownNode, "A layer takes an unknown node", "'{0}' takes '{1}', which no node is called; before it are {2}", Shapes, Error, true, null, Help + "NG2005.md"),
        new(ErrorIds.LaterNode, "A layer takes a later node", "'{0}' takes '{1}', which does not come before it", Shapes, Error, true, null, Help + "NG2006.md"),
        new(ErrorIds.SourceCount, "A layer takes the wrong number of nodes", "'{0}' takes {2}, not {1}", Shapes, Error, true, null, Help + "NG2007.md"),
        new(ErrorIds.Unused, "No layer takes a node", "No layer takes '{0}', and it is no output: its result would be lost", Shapes, Error, true, null, Help + "NG2008.md"),
        new(ErrorIds.NoPathToLoss, "No loss depends on a node", "No loss depends on '{0}', so that it {1}", Shapes, Error, true, null, Help + "NG2009.md"),
        new(ErrorIds.NotFlat, "A layer takes a flat input", "'{0}' takes a row of features, but '{1}' gives [{2}]: put [Flatten] between them, which makes it {3}", Shapes, Error, true, null, Help + "NG2010.md"),
        new(ErrorIds.SoftmaxTwice, "Softmax is applied twice", "Loss.SoftmaxCrossEntropy contains softmax: let '{0}' give logits, without an activation", Shapes, Error, true, null, Help + "NG2011.md"),
        new(ErrorIds.SigmoidTwice, "Sigmoid is applied twice", "Loss.SigmoidCrossEntropy contains sigmoid: let '{0}' give logits, without an activation", Shapes, Error, true, null, Help + "NG2012.md"),
        new(ErrorIds.LossNeedsActivation, "The loss does not fit the last layer", "{0} needs {1} on the last layer, but '{2}' has {3}; {4} fits it", Shapes, Error, true, null, Help + "NG2013.md"),
        new(ErrorIds.SoftmaxOfOne, "Softmax of a single output", "{0} of a single output is always 1: use two outputs, or a sigmoid", Shapes, Error, true, null, Help + "NG2014.md"),
        new(ErrorIds.BatchOfOne, "BatchNorm on batches of one sample", "'{0}' normalises over the samples of a batch, and BatchSize is 1: one sample has no variance; use BatchSize = 2 or more, or [LayerNorm]", Shapes, Error, true, null, Help + "NG2015.md"),
        new(ErrorIds.NormalizationOfOne, "LayerNorm of a single feature", "'{0}' normalises over the features of a sample, and there is one alone: the result would always be its bias", Shapes, Error, true, null, Help + "NG2016.md"),
        new(ErrorIds.OddOutputs, "A loss of pairs needs an even number of outputs", "{0} takes two outputs for each number that it predicts, but '{1}' has {2}: an even number is needed", Shapes, Error, true, null, Help + "NG2023.md"),

        new(ErrorIds.NotImage, "A layer takes images or sequences", "'{0}' takes {1}, but '{2}' gives [{3}]", Shapes, Error, true, null, Help + "NG2017.md"),
        new(ErrorIds.WindowTooLarge, "A window is larger than what it goes over", "The window of '{0}' is {1} {2}, but '{3}' with its padding has {4}", Shapes, Error, true, null, Help + "NG2018.md"),
        new(ErrorIds.GroupsDoNotDivide, "Groups do not divide channels and filters", "Groups is {0}, which must divide the {1} channels that '{2}' takes and its {3} filters", Shapes, Error, true, null, Help + "NG2019.md"),
        new(ErrorIds.ShapesDiffer, "Nodes of different shapes are joined", "'{0}' joins nodes {1}, but '{2}' gives [{3}] and '{4}' [{5}]", Shapes, Error, true, null, Help + "NG2020.md"),
        new(ErrorIds.ReshapeSize, "A new shape has another size", "'{0}' gives {1} numbers, but the shape [{2}] has {3}", Shapes, Error, true, null, Help + "NG2021.md"),
        new(ErrorIds.SoftmaxOfImage, "Softmax of an image", "Softmax works on a row of features, but '{0}' gives [{1}]: put [Flatten] before '{2}'", Shapes, Error, true, null, Help + "NG2022.md"),
        new(ErrorIds.NothingLeft, "Padding cuts off a whole result", "'{0}' gives {1} {2}, and Padding cuts off {3} at either end: none is left", Shapes, Error, true, null, Help + "NG2028.md"),
        new(ErrorIds.SameOutOfReach, "Padding.Same is out of a kernel's reach", "Padding.Same makes the result of '{0}' {1} times as large, for which the kernel must reach over {1} or more, but it reaches over {2}", Shapes, Error, true, null, Help + "NG2029.md"),
        new(ErrorIds.AllFrozen, "All layers are frozen", "'{0}' is frozen, and so is every other layer with parameters: a step would change nothing", Shapes, Error, true, null, Help + "NG2024.md"),
        new(ErrorIds.UnknownOutput, "An output is no node", "'{0}' is to be an output, but no node is called so; there are {1}", Shapes, Error, true, null, Help + "NG2025.md"),
        new(ErrorIds.OutputTwice, "A node is named twice", "'{0}' is named twice: a node is one output, and has one loss", Shapes, Error, true, null, Help + "NG2026.md"),
        new(ErrorIds.LossOfNoOutput, "A loss is of no output", "'{0}' has a loss, but is none of the outputs {1}: add it to [Output]", Shapes, Error, true, null, Help + "NG2027.md"),
        new(ErrorIds.SharedWithUnknown, "A layer shares with no layer of its kind", "'{0}' is to use the parameters of '{1}', but no earlier layer of its kind is called so", Shapes, Error, true, null, Help + "NG2030.md"),
        new(ErrorIds.SharedShapes, "Shared parameters do not fit", "'{0}' is to use the parameters of '{1}', whose weight is {2}, but needs {3}", Shapes, Error, true, null, Help + "NG2031.md"),

        new(ErrorIds.PoissonOfNegative, "Loss.Poisson of outputs that can be negative", "Loss.Poisson takes the logarithm of what '{0}' gives, and {1} gives negative numbers too: Activation.Softplus does not", Hints, Warning, true, null, Help + "NG3001.md"),
        new(ErrorIds.UnrollingCosts, "Full unrolling makes a layer slower", "'{0}' is unrolled in full as demanded, but the cost model predicts {1} cycles for it, and {2} for what it would choose", Hints, Warning, true, null, Help + "NG3002.md"),

        new(ErrorIds.InternalError, "An error inside NetGen", "NetGen could not compile '{0}' for a fault of its own: {1}. Please report it with the class's attributes.", Information, Error, true, null, Help + "NG9001.md"),
    ];

    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> ById = All.ToImmutableDictionary(descriptor => descriptor.Id);

    public static DiagnosticDescriptor Find(string id) => ById[id];
}
