namespace NetGen.Compiler.Ir;

/// <summary>
/// The diagnostics' ids: NG1xxx declaration, NG2xxx shapes, NG3xxx hints, NG9xxx information. Texts are in
/// <c>Diagnostics/Descriptors.cs</c>, explanations in <c>docs/diagnostics</c>.
/// </summary>
internal static class ErrorIds
{
    public const string NotPartial = "NG1001";
    public const string OuterTypeNotPartial = "NG1002";
    public const string Generic = "NG1003";
    public const string Static = "NG1004";
    public const string Abstract = "NG1005";
    public const string FileLocal = "NG1006";
    public const string Record = "NG1007";
    public const string MemberClash = "NG1008";
    public const string Constructor = "NG1009";
    public const string PrimaryConstructor = "NG1010";
    public const string ClassNamedLikeMember = "NG1011";
    public const string SpreadOverParts = "NG1012";
    public const string NoShape = "NG1013";
    public const string UndefinedEnumValue = "NG1014";
    public const string InvalidName = "NG1015";
    public const string NameTwice = "NG1016";
    public const string OptionDoesNotApply = "NG1017";
    public const string OptionOutOfRange = "NG1018";
    public const string LayersWithoutNetwork = "NG1019";
    public const string LanguageVersion = "NG1020";
    public const string VectorWidths = "NG1021";
    public const string InputAfterLayer = "NG1022";
    public const string BaseClass = "NG1023";
    public const string UnrollBudget = "NG1024";
    public const string CannotUnroll = "NG1025";
    public const string FunctionNotFound = "NG1026";
    public const string DerivativeNotFound = "NG1027";
    public const string FunctionSignature = "NG1028";
    public const string FunctionConstruct = "NG1029";
    public const string FunctionRecursion = "NG1030";
    public const string NoLoss = "NG1031";
    public const string LossTwice = "NG1032";
    public const string LossWithoutTrain = "NG1033";

    public const string NoInput = "NG2001";
    public const string NoLayer = "NG2002";
    public const string SizeBelowOne = "NG2003";
    public const string TooLarge = "NG2004";
    public const string UnknownNode = "NG2005";
    public const string LaterNode = "NG2006";
    public const string SourceCount = "NG2007";
    public const string Unused = "NG2008";
    public const string NoPathToLoss = "NG2009";
    public const string NotFlat = "NG2010";
    public const string SoftmaxTwice = "NG2011";
    public const string SigmoidTwice = "NG2012";
    public const string LossNeedsActivation = "NG2013";
    public const string SoftmaxOfOne = "NG2014";
    public const string BatchOfOne = "NG2015";
    public const string NormalizationOfOne = "NG2016";
    public const string NotImage = "NG2017";
    public const string WindowTooLarge = "NG2018";
    public const string GroupsDoNotDivide = "NG2019";
    public const string ShapesDiffer = "NG2020";
    public const string ReshapeSize = "NG2021";
    public const string SoftmaxOfImage = "NG2022";
    public const string OddOutputs = "NG2023";
    public const string AllFrozen = "NG2024";
    public const string UnknownOutput = "NG2025";
    public const string OutputTwice = "NG2026";
    public const string LossOfNoOutput = "NG2027";
    public const string NothingLeft = "NG2028";
    public const string SameOutOfReach = "NG2029";
    public const string SharedWithUnknown = "NG2030";
    public const string SharedShapes = "NG2031";

    public const string PoissonOfNegative = "NG3001";
    public const string UnrollingCosts = "NG3002";

    public const string InternalError = "NG9001";
}
