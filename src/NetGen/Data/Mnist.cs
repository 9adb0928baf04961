namespace NetGen;

/// <summary>
/// The MNIST handwritten digits (Y. LeCun, C. Cortes and C. J. C. Burges): 60,000 images of 28x28 pixels to train on and 10,000 to test on,
/// in the four IDX files under which they are distributed, gzipped or not. Data sets in the same form (Fashion-MNIST) load as well.
/// </summary>
public static class Mnist
{
    private const int Classes = 10;

    /// <summary>Where the labels start in their file.</summary>
    private const int LabelStart = 8;

    /// <summary>Reads both parts: pixels row by row as bytes that stand for 0 (paper) … 1 (ink), scale 1/255; labels 0 … 9.</summary>
    /// <param name="folder">Where <c>train-images-idx3-ubyte.gz</c>, <c>train-labels-idx1-ubyte.gz</c>, <c>t10k-images-idx3-ubyte.gz</c> and
    /// <c>t10k-labels-idx1-ubyte.gz</c> stand (or the same without <c>.gz</c>).</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message says which, where it was looked for, and how to get it.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message says which, where in it, and why.</exception>
    public static (Dataset Train, Dataset Test) Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string[] files =
        [
            Find(folder, "train-images-idx3-ubyte"), Find(folder, "train-labels-idx1-ubyte"),
            Find(folder, "t10k-images-idx3-ubyte"), Find(folder, "t10k-labels-idx1-ubyte"),
        ];
        var train = Read(files[0], files[1]);
        var test = Read(files[2], files[3]);
        return train.InputSize == test.InputSize
            ? (train, test)
            : throw new InvalidDataException(
                Text.Of($"{files[2]}: the images must have {train.InputSize} pixels as those of {files[0]} have, but have {test.InputSize}."));
    }

    private static Dataset Read(string imageFile, string labelFile)
    {
        var images = Idx.ReadBytes(imageFile, dimensions: 3);
        var labels = Idx.ReadBytes(labelFile, dimensions: 1).Numbers<byte>();
        var count = images.Shape[0];
        if (labels.Length != count)
        {
            throw new InvalidDataException(
                Text.Of($"{labelFile}: there must be {count} labels as there are images in {imageFile}, but there are {labels.Length}."));
        }

        var wrong = labels.IndexOfAnyExceptInRange((byte)0, (byte)(Classes - 1));
        if (wrong >= 0)
        {
            throw new InvalidDataException(
                Text.Of($"{labelFile}: offset {LabelStart + wrong}: a label must be from 0 to {Classes - 1}, but is {labels[wrong]}."));
        }

        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = labels[i];
        }

        return Dataset.Own(images.Memory<byte>(), images.Count / count, numbers, Classes, 1 / 255f);
    }

    private static string Find(string folder, string name)
    {
        foreach (var candidate in (string[])[name, name + ".gz"])
        {
            var path = Path.Combine(folder, candidate);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException(
            $"MNIST's file {name}.gz (or {name}) is not in the folder '{Path.GetFullPath(folder)}'. Download the four files "
            + "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz, "
            + "for example from https://storage.googleapis.com/cvdf-datasets/mnist/, into one folder and name that folder.",
            Path.Combine(folder, name + ".gz"));
    }
}
