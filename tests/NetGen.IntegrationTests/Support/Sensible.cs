namespace NetGen.IntegrationTests.Support;

/// <summary>Which losses make sense after which activation of the last layer.</summary>
internal static class Sensible
{
    /// <summary>Every pair that makes sense.</summary>
    public static IEnumerable<(Activation Last, Loss Loss)> Pairs =>
        from last in Enum.GetValues<Activation>().Where(a => a != Activation.Custom)
        from loss in Enum.GetValues<Loss>().Where(l => l is not (Loss.Custom or Loss.WeightedSum))
        where Together(last, loss)
        select (last, loss);

    public static bool Together(Activation last, Loss loss) => loss switch
    {
        Loss.CrossEntropy => last == Activation.Softmax,
        Loss.BinaryCrossEntropy => last == Activation.Sigmoid,
        Loss.SoftmaxCrossEntropy => last != Activation.Softmax,
        Loss.SigmoidCrossEntropy => last is not (Activation.Sigmoid or Activation.Softmax),
        Loss.Poisson => last is Activation.Softplus or Activation.Sigmoid or Activation.Softmax,
        Loss.Hinge or Loss.SquaredHinge => last is not
            (Activation.Sigmoid or Activation.ReLU or Activation.ReLU6 or Activation.Softplus or Activation.HardSigmoid or Activation.Softmax),
        Loss.GaussianNLL or Loss.NegativeBinomial => last == Activation.Identity,
        _ => true,
    };
}
