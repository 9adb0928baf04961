using NetGen.CompilerServices;

namespace NetGen;

/// <content>Parts to learn from and parts to judge by. Parts are copies: a step reads rows that lie one after the other.</content>
public sealed partial class Dataset
{
    /// <summary>Shuffles, then splits in two.</summary>
    /// <param name="fraction">The first part's share of the samples, between 0 and 1; rounded to whole samples, at least one on each side.</param>
    /// <param name="seed">The same seed gives the same split, on every platform.</param>
    /// <param name="stratified">Whether each class is split in that proportion too (as near as whole samples allow); needs labels.</param>
    /// <exception cref="ArgumentException">The fraction is not between 0 and 1, or there are no labels to stratify by.</exception>
    /// <exception cref="InvalidOperationException">There is one sample only.</exception>
    public (Dataset First, Dataset Second) Split(double fraction, int seed, bool stratified = false)
    {
        CheckShare(fraction, nameof(fraction));
        CheckLabels(stratified);
        CheckCount(parts: 2);
        var random = new Xoshiro256(seed);
        var (first, second) = Divide(Permutation(ref random), Part(fraction, Count - 1), stratified, ref random);
        return (Select(first), Select(second));
    }

    /// <summary>Shuffles, then splits in three: <c>var (train, validation, test) = data.Split(0.6, 0.2, seed: 1);</c>.</summary>
    /// <param name="train">The share of the samples to learn from, between 0 and 1.</param>
    /// <param name="validation">The share to choose by, between 0 and 1; what both leave is for the last judgement. Shares are rounded to
    /// whole samples, at least one in each part.</param>
    /// <param name="seed">The same seed gives the same split, on every platform.</param>
    /// <param name="stratified">Whether each class is split in these proportions too (as near as whole samples allow); needs labels.</param>
    /// <exception cref="ArgumentException">A share is not between 0 and 1, they leave nothing, or there are no labels to stratify by.</exception>
    /// <exception cref="InvalidOperationException">There are fewer than three samples.</exception>
    public (Dataset Train, Dataset Validation, Dataset Test) Split(double train, double validation, int seed, bool stratified = false)
    {
        CheckShare(train, nameof(train));
        CheckShare(validation, nameof(validation));
        if (train + validation >= 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(validation), Text.Of($"train + validation must be below 1, so that a test part remains, but is {train} + {validation}."));
        }

        CheckLabels(stratified);
        CheckCount(parts: 3);
        var trainSize = Part(train, Count - 2);
        var validationSize = Part(validation, Count - trainSize - 1);
        var random = new Xoshiro256(seed);
        var (first, rest) = Divide(Permutation(ref random), trainSize, stratified, ref random);
        var (second, third) = Divide(rest, validationSize, stratified, ref random);
        return (Select(first), Select(second), Select(third));
    }

    /// <summary>
    /// k-fold cross-validation: every sample is in the validation part of exactly one of k pairs, and in the training part of all others.
    /// Parts are in a random order; the validation parts' sizes differ by one sample at most. A pair is made when it is asked for.
    /// </summary>
    /// <param name="k">The count of pairs, 2 … <see cref="Count"/>; with <see cref="Count"/> each sample is left out alone.</param>
    /// <param name="seed">The same seed gives the same folds, on every platform.</param>
    /// <param name="stratified">Whether each class is spread evenly too: its samples in two folds differ by one at most; needs labels.</param>
    /// <exception cref="ArgumentException"><paramref name="k"/> is out of range, or there are no labels to stratify by.</exception>
    public IEnumerable<(Dataset Train, Dataset Validation)> KFold(int k, int seed, bool stratified = false)
    {
        if (k < 2 || k > Count)
        {
            throw new ArgumentOutOfRangeException(nameof(k), Text.Of($"k must be from 2 to {Count} (the count of samples), but is {k}."));
        }

        CheckLabels(stratified);
        var random = new Xoshiro256(seed);
        var order = Permutation(ref random);

        // Dealt out like cards, class after class: so neither a class nor the whole is spread by more than one sample unevenly.
        var labels = _labels;
        var dealt = stratified ? [.. order.OrderBy(row => labels.Span[row])] : order;
        var foldOf = new int[Count];
        for (var i = 0; i < dealt.Length; i++)
        {
            foldOf[dealt[i]] = i % k;
        }

        return Enumerable.Range(0, k).Select(fold => (
            Select(Array.FindAll(order, row => foldOf[row] != fold)),
            Select(Array.FindAll(order, row => foldOf[row] == fold))));
    }

    /// <summary>
    /// Bootstrap samples (B. Efron, "Bootstrap methods: another look at the jackknife", 1979): each training part has
    /// <see cref="Count"/> samples drawn with replacement, each validation part those that were not drawn, about 37 %, in their order here.
    /// Where all were drawn, which only a handful of samples lets happen, it is drawn again. A pair is made when it is asked for.
    /// </summary>
    /// <param name="repeats">The count of pairs, at least 1.</param>
    /// <param name="seed">The same seed gives the same pairs, on every platform.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="repeats"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">There is one sample only.</exception>
    public IEnumerable<(Dataset Train, Dataset Validation)> Bootstrap(int repeats, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        CheckCount(parts: 2);
        return Draw();

        IEnumerable<(Dataset Train, Dataset Validation)> Draw()
        {
            var random = new Xoshiro256(seed);
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                var drawn = new int[Count];
                int[] left;
                do
                {
                    var isDrawn = new bool[Count];
                    foreach (ref var row in drawn.AsSpan())
                    {
                        row = random.NextInt(Count);
                        isDrawn[row] = true;
                    }

                    left = [.. Enumerable.Range(0, Count).Where(row => !isDrawn[row])];
                }
                while (left.Length == 0);

                yield return (Select(drawn), Select(left));
            }
        }
    }

    /// <summary>The size of a part: at least 1, at most what leaves the other parts a sample each.</summary>
    private int Part(double share, int largest) =>
        Math.Clamp((int)Math.Round(Count * share, MidpointRounding.AwayFromZero), 1, largest);

    private static void CheckShare(double share, string argument)
    {
        if (!(share > 0 && share < 1))
        {
            throw new ArgumentOutOfRangeException(argument, Text.Of($"{argument} must be between 0 and 1, but is {share}."));
        }
    }

    private void CheckLabels(bool stratified)
    {
        if (stratified && !HasLabels)
        {
            throw new ArgumentException("A stratified split needs samples with labels, but these have targets.", nameof(stratified));
        }
    }

    private void CheckCount(int parts)
    {
        if (Count < parts)
        {
            throw new InvalidOperationException(
                Text.Of($"A split in {parts} needs at least {parts} samples, but there {(Count == 1 ? "is" : "are")} {Count}."));
        }
    }

    private int[] Permutation(ref Xoshiro256 random)
    {
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        random.Shuffle(order);
        return order;
    }

    /// <summary>Divides rows, which are in a random order, in a part of a given size and the rest.</summary>
    private (int[] First, int[] Second) Divide(int[] rows, int size, bool stratified, ref Xoshiro256 random)
    {
        if (!stratified)
        {
            return (rows[..size], rows[size..]);
        }

        var labels = Labels;
        var quotas = ClassQuotas(rows, size);
        var (first, rest) = (new int[size], new int[rows.Length - size]);
        var (inFirst, inRest) = (0, 0);
        foreach (var row in rows)
        {
            if (quotas[labels[row]]-- > 0)
            {
                first[inFirst++] = row;
            }
            else
            {
                rest[inRest++] = row;
            }
        }

        // A class's quota is used up by the samples that come first, so the rest would begin without the classes that the first part ends with.
        random.Shuffle(first);
        random.Shuffle(rest);
        return (first, rest);
    }

    /// <summary>How many samples of each class go to the first part: rounded down, the rest to the largest remainders (Hamilton's method).</summary>
    private int[] ClassQuotas(int[] rows, int size)
    {
        var counts = new int[Classes];
        var labels = Labels;
        foreach (var row in rows)
        {
            counts[labels[row]]++;
        }

        // In whole numbers, so that the shares add up to size exactly.
        var shares = Array.ConvertAll(counts, count => Math.DivRem((long)count * size, rows.Length));
        var quotas = Array.ConvertAll(shares, share => (int)share.Quotient);
        var byRemainder = Enumerable.Range(0, Classes).OrderByDescending(c => shares[c].Remainder).ThenBy(c => c);
        foreach (var c in byRemainder.Take(size - quotas.Sum()))
        {
            quotas[c]++;
        }

        return quotas;
    }
}
