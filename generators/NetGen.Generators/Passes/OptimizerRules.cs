using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;

namespace NetGen.Compiler.Passes;

/// <summary>What each optimiser takes and keeps: a row for each question. Its formula is in <c>Emit/OptimizerFormulas.cs</c>.</summary>
internal static class OptimizerRules
{
    /// <summary>The learning rate where none is given: PyTorch's, but for Sgd, which had none for long.</summary>
    public static double DefaultLearningRate(Optimizer optimizer) => optimizer switch
    {
        Optimizer.Adam or Optimizer.AdamW => 0.001,
        Optimizer.Adamax or Optimizer.NAdam => 0.002,
        Optimizer.Adadelta => 1.0,
        _ => 0.01,
    };

    /// <summary>ε where none is given: PyTorch's.</summary>
    public static double DefaultEpsilon(Optimizer optimizer) => optimizer switch
    {
        Optimizer.Adagrad => 1e-10,
        Optimizer.Adadelta => 1e-6,
        _ => 1e-8,
    };

    /// <summary>λ where none is given; null for none.</summary>
    public static double? DefaultWeightDecay(Optimizer optimizer) => optimizer == Optimizer.AdamW ? 0.01 : null;

    /// <summary>The options of <c>[Train]</c> that not every optimiser has, and which have them.</summary>
    public static IReadOnlyList<(string Option, Optimizer[] Optimizers)> Options { get; } =
    [
        ("Momentum", [Optimizer.Sgd, Optimizer.RMSprop]),
        ("Nesterov", [Optimizer.Sgd]),
        ("Beta1", [Optimizer.Adam, Optimizer.AdamW, Optimizer.Adamax, Optimizer.NAdam]),
        ("Beta2", [Optimizer.Adam, Optimizer.AdamW, Optimizer.Adamax, Optimizer.NAdam]),
        ("Rho", [Optimizer.Adadelta]),
        ("Alpha", [Optimizer.RMSprop]),
        ("Epsilon", [
            Optimizer.Adagrad, Optimizer.Adadelta, Optimizer.RMSprop, Optimizer.Adam, Optimizer.AdamW, Optimizer.Adamax, Optimizer.NAdam]),
    ];

    /// <summary>What is kept for each parameter from step to step, by name.</summary>
    public static IReadOnlyList<string> State(OptimizerSettings settings) => settings.Optimizer switch
    {
        Optimizer.Sgd => settings.Momentum is null ? [] : ["momentum"],
        Optimizer.Adagrad => ["square_sum"],
        Optimizer.Adadelta => ["square_average", "delta_average"],
        Optimizer.RMSprop => settings.Momentum is null ? ["square_average"] : ["square_average", "momentum"],
        Optimizer.Adamax => ["first_moment", "infinity_norm"],
        _ => ["first_moment", "second_moment"],
    };

    /// <summary>The cycles of a step on one vector of parameters; what memory takes is not in it.</summary>
    public static double Cycles(OptimizerSettings settings) => settings.Optimizer switch
    {
        Optimizer.Sgd => 2,
        Optimizer.Adamax => 6,
        _ => 8,
    };

    /// <summary>The blocks of parameters, optimiser's state and gradients that training keeps, each as long as the parameters.</summary>
    public static int Blocks(TrainDeclaration train) =>
        1 + (train.Settings.IsPlain ? 0 : State(train.Settings).Count + (NeedsWholeGradient(train) ? 1 : 0));

    /// <summary>
    /// Whether all gradients must be there before the first parameter changes: for the norm of them all, or since each is summed up in
    /// several goes.
    /// </summary>
    public static bool NeedsWholeGradient(TrainDeclaration train) =>
        !train.Settings.IsPlain && (train.Settings.ClipNorm is not null || Schedule.SampleSegment(train.BatchSize) != train.BatchSize);

    /// <summary>The optimisers as a sentence names them.</summary>
    public static string Names(IReadOnlyList<Optimizer> optimizers) =>
        optimizers.Count == 1
            ? $"Optimizer.{optimizers[0]}"
            : $"{string.Join(", ", optimizers.Take(optimizers.Count - 1).Select(o => $"Optimizer.{o}"))} or Optimizer.{optimizers[optimizers.Count - 1]}";
}
