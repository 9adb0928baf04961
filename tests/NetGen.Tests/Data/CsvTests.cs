using System.Text;
using NetGen.Tests.Support;

namespace NetGen.Tests.Data;

public class CsvTests
{
    private static readonly CsvOptions LabelLast = new() { HasHeader = false, Label = ^1 };

    [Fact]
    public void Read_Header_TakesColumnsByName()
    {
        var (data, schema) = Read("id,width,species,height\n7,1.5,rose,2\n8,-3,\"tulip, red\",4e1\n9,0,rose,.5\n", new()
        {
            Label = "species",
            Ignored = ["id"],
        });
        Assert.Equal([1.5f, 2, -3, 40, 0, 0.5f], data.Inputs.ToArray());
        Assert.Equal([0, 1, 0], data.Labels.ToArray());
        Assert.Equal(["rose", "tulip, red"], schema.ClassNames);
        Assert.Equal(["width", "height"], schema.InputNames);
        Assert.Equal((2, 2, 0, "2 inputs, 2 classes"), (schema.InputSize, schema.Classes, schema.TargetSize, schema.ToString()));
    }

    [Fact]
    public void Read_NumbersAsTargets_KeepTheOrderOfTheOptions()
    {
        var (data, schema) = Read("1;2;3\n4;5;6\n", new() { HasHeader = false, Delimiter = ';', Targets = [2, 0] });
        Assert.Equal([2, 5], data.Inputs.ToArray());
        Assert.Equal([3, 1, 6, 4], data.Targets.ToArray());
        Assert.Equal(["column 1"], schema.InputNames);
        Assert.Equal((1, 0, 2), (schema.InputSize, schema.Classes, schema.TargetSize));
    }

    [Fact]
    public void Read_Categories_BecomeOneHot()
    {
        const string Text = "size,colour,y\n1,red,0\n2,blue,1\n3,red,0\n4,green,1\n";
        var (sorted, schema) = Read(Text, new() { Label = "y", Categories = ["colour"] });
        Assert.Equal(["size", "colour=blue", "colour=green", "colour=red"], schema.InputNames);
        Assert.Equal([1, 0, 0, 1, 2, 1, 0, 0, 3, 0, 0, 1, 4, 0, 1, 0], sorted.Inputs.ToArray());

        var (appeared, other) = Read(Text, new() { Label = "y", Categories = [1], CategoryOrder = CategoryOrder.FirstAppearance });
        Assert.Equal(["size", "colour=red", "colour=blue", "colour=green"], other.InputNames);
        Assert.Equal([1, 1, 0, 0, 2, 0, 1, 0, 3, 1, 0, 0, 4, 0, 0, 1], appeared.Inputs.ToArray());
    }

    [Fact]
    public void Read_ClassesThatAreNumbers_AreSortedByValue()
    {
        Assert.Equal(["2", "9", "10"], Read("1,10\n1,9\n1,2\n", LabelLast).Schema.ClassNames);
        Assert.Equal(["10", "2", "nine"], Read("1,10\n1,nine\n1,2\n", LabelLast).Schema.ClassNames);
        Assert.Equal(["10", "9", "2"], Read("1,10\n1,9\n1,2\n", LabelLast with { CategoryOrder = CategoryOrder.FirstAppearance }).Schema.ClassNames);
    }

    [Fact]
    public void Schema_OtherFile_IsEncodedAlike()
    {
        var (_, schema) = Read("a,colour,y\n1,red,no\n3,blue,yes\n,green,yes\n", new()
        {
            Label = "y",
            Categories = ["colour"],
            Missing = MissingValues.Mean,
        });

        // Columns in another order, one class and one category only, and the training data's mean.
        var test = schema.Read(Stream("y,colour,a\nyes,blue,\nyes,,5\n"));
        Assert.Equal([2, 1, 0, 0, 5, 0, 0, 0], test.Inputs.ToArray());
        Assert.Equal([1, 1], test.Labels.ToArray());
        Assert.Equal(2, test.Classes);
        Assert.Equal([7, 0, 0, 1], schema.ReadInputs(Stream("colour,a\nred,7\n")));
        Assert.Equal([7, 0, 0, 1], schema.ReadInputs(Stream("colour,y,a\nred,never seen,7\n")));
    }

    [Fact]
    public void Schema_NoHeader_TakesInputsWithAndWithoutTargets()
    {
        var (_, schema) = Read("1,8,2,x\n3,9,4,y\n", LabelLast with { Ignored = [1] });
        Assert.Equal([5, 6], schema.ReadInputs(Stream("5,0,6,z\n")));
        Assert.Equal([5, 6], schema.ReadInputs(Stream("5,0,6\n")));
        Assert.Equal("line 1: there must be 4 columns as in the training data, but there are 3.", Message(() => schema.Read(Stream("5,0,6\n"))));
        Assert.Contains("(or those without what is predicted), but there are 2", Message(() => schema.ReadInputs(Stream("5,0\n"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_UnknownCategory_IsAnErrorUnlessAllowed()
    {
        var options = new CsvOptions { Label = "y", Categories = ["c"] };
        var (_, schema) = Read("c,y\nred,0\nblue,1\n", options);
        Assert.Equal(
            "line 3, column 0 ('c'): the field must be one of the 2 categories of the training data, but is 'green'.",
            Message(() => schema.Read(Stream("c,y\nred,0\ngreen,1\n"))));
        var (_, lenient) = Read("c,y\nred,0\nblue,1\n", options with { AllowUnknownCategories = true });
        Assert.Equal([0, 0], lenient.Read(Stream("c,y\ngreen,1\n")).Inputs.ToArray());
        Assert.Contains("is '2'", Message(() => lenient.Read(Stream("c,y\nred,2\n"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_OtherColumns_AreNamed()
    {
        var (_, schema) = Read("a,b,y\n1,2,0\n", new() { Label = "y" });
        Assert.Contains("another one, 'c'", Message(() => schema.Read(Stream("a,b,c,y\n1,2,3,0\n"))), StringComparison.Ordinal);
        Assert.Contains("exactly one column 'b'", Message(() => schema.Read(Stream("a,y\n1,0\n"))), StringComparison.Ordinal);
        Assert.Contains("exactly one column 'y'", Message(() => schema.Read(Stream("a,b\n1,0\n"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MissingValues.Constant, new[] { 1f, 10, 7, 20, 5, 7 })]
    [InlineData(MissingValues.Mean, new[] { 1f, 10, 3, 20, 5, 15 })]
    [InlineData(MissingValues.DropRow, new[] { 1f, 10 })]
    public void Missing_Numbers_AreFilledOrDropped(MissingValues missing, float[] expected)
    {
        var (data, _) = Read("1,10,a\n?,20,b\n5,,b\n", LabelLast with { Missing = missing, MissingConstant = 7, MissingMarkers = ["?"] });
        Assert.Equal(expected, data.Inputs.ToArray());
        Assert.Equal(missing == MissingValues.DropRow ? 1 : 2, data.Classes);
    }

    [Fact]
    public void Missing_ByDefault_NamesLineAndColumn()
    {
        Assert.Equal(
            "line 4, column 1 ('b'): the field must hold a value, but it is missing (CsvOptions.Missing says what else may be done).",
            Message(() => Read("a,b,y\n1,2,0\n\n3,,1\n", new() { Label = "y" })));
        Assert.Equal(
            "line 2, column 1 (from 0): the field must be a finite number, but is '?' (text belongs into a column of Categories, Label or Ignored).",
            Message(() => Read("1,2,0\n1,?,0\n", LabelLast)));
    }

    [Theory]
    [InlineData(MissingValues.Mean)]
    [InlineData(MissingValues.Constant)]
    public void Missing_LabelOrTarget_IsNeverInvented(MissingValues missing)
    {
        Assert.Contains("must hold the label", Message(() => Read("1,0\n2,\n", LabelLast with { Missing = missing })), StringComparison.Ordinal);
        var targets = new CsvOptions { HasHeader = false, Targets = [1], Missing = missing };
        Assert.Contains("must hold the target", Message(() => Read("1,0\n2,\n", targets)), StringComparison.Ordinal);
        Assert.Equal(1, Read("1,0\n2,\n", targets with { Missing = MissingValues.DropRow }).Data.Count);
    }

    [Fact]
    public void Missing_Everywhere_IsAnError()
    {
        Assert.Contains("no", Message(() => Read("1,\n2,\n", LabelLast with { Missing = MissingValues.DropRow })), StringComparison.Ordinal);
        Assert.Equal(
            "column 0 (from 0): there must be a value to take the mean of, but all are missing.",
            Message(() => Read(",a\n,b\n", LabelLast with { Missing = MissingValues.Mean })));
    }

    [Theory]
    [InlineData("1,a\n2,b,c\n", "line 2: there must be 2 fields as in the first line, but there are 3.")]
    [InlineData("1,a\n\n\n2\n", "line 4: there must be 2 fields as in the first line, but there are 1.")]
    [InlineData("1,\"a\nb\"\nx,c\n", "line 3, column 0 (from 0): the field must be a finite number, but is 'x'")]
    [InlineData("1,a\n1e99,c\n", "line 2, column 0 (from 0): the field must be a finite number, but is '1e99'")]
    [InlineData("1,a\nNaN,c\n", "line 2, column 0 (from 0): the field must be a finite number, but is 'NaN'")]
    [InlineData("1,a\n2,\"b\n", "line 2: the row cannot be read. ")]
    [InlineData("1,a\n2,\"b\"c\n", "line 2: the row cannot be read. ")]
    [InlineData("", "There must be at least one row of data, but there is none.")]
    [InlineData("\n\n", "There must be at least one row of data, but there is none.")]
    public void Read_Damaged_NamesLineAndReason(string text, string message) =>
        Assert.StartsWith(message, Message(() => Read(text, LabelLast)), StringComparison.Ordinal);

    [Fact]
    public void Read_NotUtf8_IsAnErrorUnlessTheEncodingIsNamed()
    {
        byte[] latin = [.. "1,caf"u8, 0xE9, .. "\n2,tea\n"u8];
        Assert.Contains("line 1, column 1 (from 0): the field must be UTF-8", Message(() => Csv.Read(new MemoryStream(latin), LabelLast)), StringComparison.Ordinal);
        Assert.Equal(["café", "tea"], Csv.Read(new MemoryStream(latin), LabelLast with { Encoding = Encoding.Latin1 }).Schema.ClassNames);
        byte[] utf16 = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("1,café\n2,tea\n")];
        Assert.Equal(["café", "tea"], Csv.Read(new MemoryStream(utf16), LabelLast).Schema.ClassNames);
    }

    [Fact]
    public void Read_Options_AreChecked()
    {
        Assert.Contains("neither", Assert.Throws<ArgumentException>("options", () => Read("1,2\n", new())).Message, StringComparison.Ordinal);
        Assert.Contains("both", Assert.Throws<ArgumentException>("options", () => Read("1,2\n", new() { Label = 0, Targets = [1] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("options", () => Read("1,2\n", LabelLast with { Delimiter = '"' }));
        Assert.Throws<ArgumentException>("options", () => Read("1,2\n", LabelLast with { Delimiter = '→' }));
        Assert.Throws<ArgumentException>("options", () => Read("1,2\n", LabelLast with { MaxCategories = 0 }));
        Assert.Throws<ArgumentException>("options", () => Read("1,2\n", LabelLast with { MissingConstant = float.NaN }));
        Assert.Throws<ArgumentException>("options", () => Read("1,2\n", LabelLast with { Categories = null! }));
        Assert.Throws<ArgumentNullException>("options", () => Read("1,2\n", null!));
        Assert.Throws<ArgumentNullException>("stream", () => Csv.Read((Stream)null!, LabelLast));
        Assert.Throws<ArgumentNullException>("path", () => Csv.Read((string)null!, LabelLast));
    }

    [Fact]
    public void Read_ColumnsThatAreNotThere_AreNamed()
    {
        Assert.Equal(
            "line 1: there must be exactly one column 'z', which Label names, among the 2 columns (0 ('a'), 1 ('y')).",
            Message(() => Read("a,y\n1,2\n", new() { Label = "z" })));
        Assert.Contains("exactly one column 'y'", Message(() => Read("y,y\n1,2\n", new() { Label = "y" })), StringComparison.Ordinal);
        Assert.Contains("exactly one column 2, which Ignored names", Message(() => Read("1,2\n", LabelLast with { Ignored = [2] })), StringComparison.Ordinal);
        Assert.Contains("which have no names", Message(() => Read("1,2\n", LabelLast with { Label = "y" })), StringComparison.Ordinal);
        Assert.Contains("must be one thing", Message(() => Read("1,2\n", LabelLast with { Categories = [1] })), StringComparison.Ordinal);
        Assert.Contains("a column of inputs", Message(() => Read("1,2\n", LabelLast with { Ignored = [0] })), StringComparison.Ordinal);
        Assert.Contains(
            "line 3, column 0 (from 0): the field must be one of at most 2 categories (CsvOptions.MaxCategories), but 'c' is one more",
            Message(() => Read("a,1\nb,1\nc,1\n", LabelLast with { Categories = [0], MaxCategories = 2 })), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAndWrite_HostileCulture_MakesNoDifference()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("numbers.csv");
        TestEnvironment.In(TestEnvironment.HostileCulture(), () =>
        {
            Csv.Write(path, new Dataset([-1.5f, 1e-20f, 3.4e38f, 0.1f], 2, [0.25f, -7], 1), ["a", "with, comma", "y"], ';');
            Assert.Equal("a;with, comma;y\n-1.5;1E-20;0.25\n3.4E+38;0.1;-7\n", File.ReadAllText(path));
            var (data, schema) = Csv.Read(path, new() { Targets = ["y"], Delimiter = ';' });
            Assert.Equal([-1.5f, 1e-20f, 3.4e38f, 0.1f], data.Inputs.ToArray());
            Assert.Equal([0.25f, -7], data.Targets.ToArray());
            Assert.Equal(["a", "with, comma"], schema.InputNames);
            return 0;
        });
        Assert.Throws<ArgumentException>("header", () => Csv.Write(path, new Dataset([1], 1, [0], 1), ["x"]));
        Assert.Throws<ArgumentException>(() => Csv.Write(path, new Dataset([1], 1, [0], 1), delimiter: '\n'));
    }

    [Fact]
    public void Read_DamagedFile_NamesIt()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("bad.csv");
        File.WriteAllText(path, "1,2\n3\n");
        Assert.StartsWith($"{path}: line 2: ", Message(() => Csv.Read(path, LabelLast)), StringComparison.Ordinal);
        File.Delete(path);
        Assert.Throws<FileNotFoundException>(() => Csv.Read(path, LabelLast));
    }

    [Theory]
    [InlineData("iris.csv", 150, 4, 3)]
    [InlineData("wine.csv", 178, 13, 3)]
    [InlineData("breast_cancer.csv", 569, 30, 2)]
    [InlineData("diabetes.csv", 442, 10, 0)]
    public void ReadAndWrite_KnownTables_GiveTheSameText(string name, int count, int inputs, int classes)
    {
        var tables = TestEnvironment.SharedFolder("data/tables");
        Assert.SkipWhen(tables is null, "The tables are not there.");
        var file = Path.Combine(tables!, name);
        var (data, schema) = Csv.Read(file, classes > 0 ? LabelLast : new() { HasHeader = false, Targets = [^1] });
        Assert.Equal((count, inputs, classes), (data.Count, data.InputSize, data.Classes));
        Assert.Equal(Enumerable.Range(0, classes).Select(c => $"{c}"), schema.ClassNames);

        using var folder = new TemporaryFolder();
        var copy = folder.File(name);
        Csv.Write(copy, data);
        Assert.Equal(File.ReadAllLines(file).Select(Numbers), File.ReadAllLines(copy).Select(Numbers));
        var again = schema.Read(copy);
        Assert.Equal(data.Inputs.ToArray(), again.Inputs.ToArray());
        Assert.Equal(data.Labels.ToArray(), again.Labels.ToArray());
        Assert.Equal(data.Targets.ToArray(), again.Targets.ToArray());

        static double[] Numbers(string line) => [.. line.Split(',').Select(field => double.Parse(field, System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static (Dataset Data, CsvSchema Schema) Read(string text, CsvOptions options) => Csv.Read(Stream(text), options);

    private static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Message(Func<object?> action) => Assert.Throws<InvalidDataException>(action).Message;
}
