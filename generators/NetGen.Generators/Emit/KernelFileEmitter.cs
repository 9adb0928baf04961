using System;
using System.Collections.Generic;
using System.Linq;
using NetGen.Compiler.Ir;
using NetGen.Compiler.Passes;
using NetGen.Compiler.Support;
using NetGen.Compiler.Targets;
using static NetGen.Compiler.Emit.CodeWriter;

namespace NetGen.Compiler.Emit;

/// <summary>One file of kernels: everything that the network computes, at one vector width.</summary>
internal sealed class KernelFileEmitter
{
    private readonly KernelProgram _program;
    private readonly Layout _layout;
    private readonly VectorTarget _target;
    private readonly MathFunctions _math;
    private readonly ActivationFormulas _formulas;
    private readonly int? _batchSize;
    private readonly StepSplit? _split;
    private readonly CodeWriter _writer = new();

    public KernelFileEmitter(KernelProgram program, Layout layout, StepSplit? split, VectorTarget target)
    {
        (_program, _layout, _split, _target) = (program, layout, split, target);
        _math = new MathFunctions(target, program.Declaration.Functions);
        _formulas = new ActivationFormulas(target, _math, program.ClearsPadding);
        _batchSize = program.Declaration.Train?.BatchSize;
    }

    public string Write()
    {
        SurfaceEmitter.FileHead(_writer);
        _writer.Line("using Clr = global::System.Runtime.CompilerServices;");
        _writer.Line("using Simd = global::System.Runtime.Intrinsics;");
        _writer.Line("using Sys = global::System;");
        _writer.Blank();
        SurfaceEmitter.InClass(_writer, _program.Declaration, "", () =>
        {
            _writer.Line($"/// <summary>The network's kernels on vectors of {Number(_target.Bits)} bits.</summary>");
            using (_writer.Block($"private static class {_target.Kernels}"))
            {
                Predict();
                if (_layout.SingleLength > 0)
                {
                    _writer.Blank();
                    PredictOne();
                }

                if (_layout.FewSamples > 0)
                {
                    _writer.Blank();
                    PredictAlone();
                    foreach (var kernel in _program.Prediction.Where(PlanarRules.IsOnImages))
                    {
                        Alone(kernel);
                    }
                }

                if (_batchSize is { } batch)
                {
                    new StepEmitter(_program, _layout, _split, _target, _math, _formulas, batch).Write(_writer);
                }

                foreach (var kernel in AllKernels())
                {
                    _writer.Blank();
                    Kernel(kernel);
                }

                new LayerRulesEmitter(_target, _math, _formulas).WriteSlopes(_writer, _program);
                if (_program.Update != UpdatePlace.Added)
                {
                    _writer.Blank();
                    new OptimizerEmitter(_program, _layout, _target, _math).Write(_writer);
                    if (AllKernels().OfType<ProductKernel>().Any(product => product.Update is not null && Fetches(product)))
                    {
                        _writer.Blank();
                        ParameterPrefetch.WriteFetch(_writer, _program.Declaration.Train!.Settings, _layout);
                    }
                }

                _writer.Blank();
                ElementwiseEmitter.WriteCopyOut(_writer, "CopyOut", _program.Output.Columns, _target);
                if (_program.InputGradientBuffer is { } gradient)
                {
                    _writer.Blank();
                    ElementwiseEmitter.WriteCopyOut(_writer, "CopyInputGradient", gradient.Columns, _target);
                }

                _math.Write(_writer);
            }
        });
        return _writer.ToString();
    }

    /// <summary>Every method once: those of the same name differ in the buffers that they are called with.</summary>
    private IEnumerable<Kernel> AllKernels() => _program.Forward
        .Concat(_program.Prediction)
        .Concat(_program.Losses)
        .Concat(_program.Backward)
        .Concat(_program.Descent)
        .Concat(_program.Constraints)
        .Concat(_program.Track)
        .Concat(_program.InputGradient)
        .GroupBy(kernel => kernel.Name).Select(same => same.First());

    private bool Fetches(ProductKernel kernel) =>
        kernel.Product == Product.WeightGradient && ParameterPrefetch.Applies(kernel, Schedule.Run(kernel, _target, _batchSize), _batchSize!.Value);

    private void Kernel(Kernel kernel)
    {
        switch (kernel)
        {
            case ProductKernel { Product: Product.Forward } product when Schedule.IsOneOutput(product, _batchSize):
                new OneOutputEmitter(product, _target, _math, _formulas, _split).WriteForward(_writer);
                break;
            case ProductKernel { Product: Product.WeightGradient } product when Schedule.IsOneOutput(product, _batchSize):
                new OneOutputEmitter(product, _target, _math, _formulas, _split).WriteUpdate(_writer, _batchSize!.Value);
                break;
            case ProductKernel { Product: Product.WeightGradient } product:
                new ParameterProductEmitter(product, Schedule.Run(product, _target, _batchSize), _target, _batchSize!.Value, _split).Write(_writer);
                break;
            case ProductKernel product:
                new SampleProductEmitter(product, Schedule.Run(product, _target, _batchSize), _target, _formulas, _batchSize, _split).Write(_writer);
                break;
            case TransposeKernel transpose:
                new TransposeEmitter(transpose, _target, _math).Write(_writer);
                break;
            case ArrangeKernel arrange:
                ElementwiseEmitter.WriteArrange(_writer, arrange);
                break;
            case ActivationKernel { Source.Storage: Storage.Images } activation:
                Images.Write(_writer, activation);
                break;
            case ActivationGradientKernel { Gradient.Storage: Storage.Images } gradient:
                Images.Write(_writer, gradient, _batchSize!.Value);
                break;
            case PointwiseKernel { Source.Storage: Storage.Images } pointwise:
                Images.Write(_writer, pointwise);
                break;
            case PointwiseGradientKernel { Gradient.Storage: Storage.Images } gradient:
                Images.Write(_writer, gradient, _batchSize!.Value);
                break;
            case ToImagesKernel move:
                new ImageMoveEmitter(_target, _math).Write(_writer, move);
                break;
            case FromImagesKernel move:
                new ImageMoveEmitter(_target, _math).Write(_writer, move);
                break;
            case ConvolutionKernel convolution:
                new ConvolutionEmitter(_target, _formulas).Write(_writer, convolution);
                break;
            case ConvolutionInputGradientKernel convolution:
                new ConvolutionEmitter(_target, _formulas).Write(_writer, convolution);
                break;
            case ConvolutionParameterGradientKernel convolution:
                new FilterGradientEmitter(convolution, _target, _math, _split).Write(_writer);
                break;
            case BiasKernel bias:
                new BiasEmitter(_target, _math, _formulas).Write(_writer, bias);
                break;
            case BiasGradientKernel bias:
                new BiasEmitter(_target, _math, _formulas).Write(_writer, bias, _split is not null);
                break;
            case PoolKernel pool:
                new PoolEmitter(_target, _formulas).Write(_writer, pool);
                break;
            case PoolGradientKernel pool:
                new PoolEmitter(_target, _formulas).Write(_writer, pool);
                break;
            case JoinKernel join:
                new JoinEmitter(_target).Write(_writer, join);
                break;
            case SliceKernel slice:
                new JoinEmitter(_target).Write(_writer, slice);
                break;
            case JoinGradientKernel join:
                new JoinEmitter(_target).Write(_writer, join);
                break;
            case ActivationKernel { Function.Kind: Activation.Softmax } softmax:
                SoftmaxEmitter.Write(_writer, softmax, _target, _math);
                break;
            case ActivationKernel activation:
                ElementwiseEmitter.Write(_writer, activation, _target, _formulas);
                break;
            case ActivationGradientKernel { Function.Kind: Activation.Softmax } softmax:
                SoftmaxEmitter.WriteGradient(_writer, softmax, _target, _math, _batchSize!.Value);
                break;
            case ActivationGradientKernel gradient:
                ElementwiseEmitter.WriteGradient(_writer, gradient, _target, _formulas, _batchSize!.Value);
                break;
            case PointwiseKernel { Normalization.Figures: Figures.Sample } norm:
                new LayerNormEmitter(_target, _math, _formulas).Write(_writer, norm);
                break;
            case PointwiseKernel pointwise:
                new PointwiseEmitter(pointwise, _target, _math, _formulas).Write(_writer);
                break;
            case PointwiseGradientKernel { Normalization.Figures: Figures.Sample } norm:
                new LayerNormEmitter(_target, _math, _formulas).WriteGradient(_writer, norm, _batchSize!.Value);
                break;
            case PointwiseGradientKernel gradient:
                new PointwiseGradientEmitter(gradient, _target, _math, _formulas, _batchSize!.Value).Write(_writer);
                break;
            case TrackKernel track:
                PointwiseEmitter.WriteTrack(_writer, track, _target);
                break;
            case FoldKernel fold:
                FoldEmitter.Write(_writer, fold, _target);
                break;
            case PenaltyKernel penalty:
                new LayerRulesEmitter(_target, _math, _formulas).Write(_writer, penalty);
                break;
            case ActivityKernel activity:
                new LayerRulesEmitter(_target, _math, _formulas).Write(_writer, activity, _batchSize!.Value);
                break;
            case ConstraintKernel constraint:
                new LayerRulesEmitter(_target, _math, _formulas).Write(_writer, constraint);
                break;
            case LossKernel loss:
                new LossEmitter(loss, _target, _math, _formulas, _batchSize!.Value).Write(_writer);
                break;
            default:
                throw new InvalidOperationException(kernel.GetType().Name);
        }
    }

    private ImagePointwiseEmitter Images => new(_target, _math, _formulas);

    private void Predict()
    {
        Head(_writer, $"y[samples, {Number(_program.Output.Columns)}] = what the last layer gives for x[samples, {Number(_program.Input.Columns)}].",
            $"{Number(_layout.PredictionRows)} samples go through the network together: as many as keep their values in the cache.");
        using (_writer.Block("internal static void Predict(ref float x, int samples, ref float network, ref float scratch, ref float y)"))
        {
            Places(_writer, "network", _layout.Parameters);
            Places(_writer, "network", _layout.States);
            Places(_writer, "scratch", _layout.Prediction);
            _writer.Blank();
            foreach (var fold in _program.Prediction.OfType<FoldKernel>())
            {
                _writer.Line(FoldEmitter.Call(fold));
            }

            using (_writer.Block(_layout.FewSamples == 0 ? "while (samples > 0)" : $"while (samples > {Number(_layout.FewSamples)})"))
            {
                _writer.Line($"var rows = Sys::Math.Min(samples, {Number(_layout.PredictionRows)});");
                foreach (var kernel in _program.Prediction.Where(kernel => kernel is not FoldKernel))
                {
                    _writer.Line(Call(kernel, "rows", _split is not null));
                }

                _writer.Line($"CopyOut(ref {_program.Output.Name}, ref y, rows, rows);");
                _writer.Line($"x = ref Clr::Unsafe.Add(ref x, rows * {Number(_program.Input.Columns)});");
                _writer.Line($"y = ref Clr::Unsafe.Add(ref y, rows * {Number(_program.Output.Columns)});");
                _writer.Line("samples -= rows;");
            }

            if (_layout.FewSamples > 0)
            {
                _writer.Blank();
                using (_writer.Block("for (; samples > 0; samples--)"))
                {
                    _writer.Line("PredictAlone(ref x, ref network, ref scratch, ref y);");
                    TileEmitter.Move(_writer, "x", _program.Input.Columns);
                    TileEmitter.Move(_writer, "y", _program.Output.Columns);
                }
            }
        }
    }

    /// <summary>One sample with images, in planes.</summary>
    private void PredictAlone()
    {
        Head(_writer, $"y[{Number(_program.Output.Columns)}] = what the last layer gives for one sample x[{Number(_program.Input.Columns)}], with lanes along the columns of images.");
        using (_writer.Block("private static void PredictAlone(ref float x, ref float network, ref float scratch, ref float y)"))
        {
            Places(_writer, "network", _layout.Parameters);
            Places(_writer, "network", _layout.States);
            Places(_writer, "scratch", _layout.Planes);
            _writer.Blank();
            foreach (var kernel in _program.Prediction.Where(kernel => kernel is not FoldKernel)) // it has run for all samples
            {
                _writer.Line(kernel switch
                {
                    _ when PlanarRules.IsOnImages(kernel) => PlanarEmitter.Call(kernel),
                    ProductKernel product => Call(product with { Name = $"{product.Name}Row" }, "1", false),
                    _ => Call(kernel, "1", _split is not null),
                });
            }

            _writer.Line($"CopyOut(ref {_program.Output.Name}, ref y, 1, 1);");
        }
    }

    private void Alone(Kernel kernel)
    {
        var emitter = new PlanarEmitter(_target, _math, _formulas);
        _writer.Blank();
        emitter.Write(_writer, kernel);
        if (kernel is ConvolutionKernel convolution && !convolution.Activation.IsCheap())
        {
            _writer.Blank();
            emitter.Finish(_writer, convolution);
        }
    }

    private void PredictOne()
    {
        Head(_writer, $"y[{Number(_program.Output.Columns)}] = what the last layer gives for one sample x[{Number(_program.Input.Columns)}].");
        using (_writer.Block("internal static void PredictOne(ref float x, ref float network, ref float scratch, ref float y)"))
        {
            Places(_writer, "network", _layout.Parameters);
            Places(_writer, "network", _layout.States);
            Places(_writer, "scratch", _layout.Single);
            _writer.Blank();
            foreach (var kernel in _program.Prediction)
            {
                _writer.Line(kernel is ProductKernel product ? Call(product with { Name = $"{product.Name}Row" }, "1", false) : Call(kernel, "1", _split is not null));
            }

            _writer.Line($"CopyOut(ref {_program.Output.Name}, ref y, 1, 1);");
        }
    }

    /// <summary>A call of a kernel: its buffers, which are variables of the same names, and the number of rows where it varies.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="rows">The rows of values.</param>
    /// <param name="isSplit">Whether kernels take what part of the work to do; here it is all.</param>
    public static string Call(Kernel kernel, string rows, bool isSplit)
    {
        if (ImageKernels.Buffers(kernel) is { } places)
        {
            var stride = ImageKernels.TakesStride(kernel) ? $", {rows}" : "";
            return $"{kernel.Name}({string.Join(", ", places.Select(b => $"ref {b.Name}"))}, {rows}{stride}{FilterGradientEmitter.Arguments(kernel, isSplit)});";
        }

        switch (kernel)
        {
            case FoldKernel fold:
                return FoldEmitter.Call(fold);
            case PenaltyKernel { Parameter: var parameter }:
                return $"{kernel.Name}(ref {parameter.Name}Before, ref {parameter.Name}, {Number(parameter.Length(0))}, factor);";
            case ActivityKernel activity:
                return $"{kernel.Name}({string.Join(", ", LayerRulesEmitter.Buffers(activity).Select(name => $"ref {name}"))}, samples, factor);";
        }

        Buffer?[] buffers = kernel switch
        {
            ProductKernel { Product: Product.WeightGradient } k => [k.Left, k.Right, k.Result, k.Bias],
            ProductKernel k => [.. k.SampleBuffers],
            TransposeKernel k => [k.Source, k.Result],
            ArrangeKernel k => [k.Source, k.Result],
            ActivationKernel k => [k.Source, k.Result],
            ActivationGradientKernel k => [k.Operand, k.Gradient],
            ConstraintKernel k => [k.Weights],
            PointwiseKernel or PointwiseGradientKernel or TrackKernel => [],
            _ => throw new InvalidOperationException(kernel.GetType().Name),
        };
        var names = kernel is PointwiseKernel or PointwiseGradientKernel or TrackKernel ? StageEmitter.Buffers(kernel) : buffers.Where(b => b is not null).Select(b => b!.Name);
        var arguments = names.Select(name => $"ref {name}");
        var takesRows = kernel is ProductKernel { Product: Product.Forward } or ArrangeKernel or ActivationKernel or PointwiseKernel;
        var all = kernel switch
        {
            ProductKernel { Product: Product.WeightGradient } k =>
                [.. k.Update is null ? Array.Empty<string>() : ["ref rates"], .. isSplit ? ["0", Number(k.Left.Columns)] : Array.Empty<string>()],
            ProductKernel when isSplit => [rows],
            _ => StageEmitter.Arguments(kernel),
        };
        return $"{kernel.Name}({string.Join(", ", arguments.Concat(takesRows ? [rows] : []).Concat(all))});";
    }

    /// <summary>A variable for each buffer of a block.</summary>
    public static void Places(CodeWriter writer, string block, EquatableArray<Placement> placements, Func<string, bool>? used = null)
    {
        foreach (var placement in placements.Where(p => used?.Invoke(p.Buffer.Name) ?? true))
        {
            writer.Line($"ref var {placement.Buffer.Name} = ref {TileEmitter.Ref(block, placement.Offset)};");
        }
    }

    /// <summary>What stands above every kernel.</summary>
    public static void Head(CodeWriter writer, string summary, string? remarks = null, string? attributes = null)
    {
        writer.Line($"/// <summary>{Escape(summary)}</summary>");
        if (remarks is not null)
        {
            writer.Line($"/// <remarks>{Escape(remarks)}</remarks>");
        }

        var others = attributes is null ? "" : $" | Clr::MethodImplOptions.{attributes}";
        writer.Line($"[Clr::MethodImpl(Clr::MethodImplOptions.AggressiveOptimization{others})]");
    }

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
