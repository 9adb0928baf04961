namespace NetGen.IntegrationTests.Support;

/// <summary>Reads a case, or skips the test and says why.</summary>
internal static class CaseOrSkip
{
    public static CaseFile Read(string name)
    {
        Assert.SkipUnless(CaseFile.Names.Count > 0, $"There are no reference cases in {CaseFile.Folder} (NETGEN_CASES names another folder).");
        try
        {
            return CaseFile.Read(name);
        }
        catch (NotSupportedException unsupported)
        {
            Assert.Skip($"{name}: NetGen has no {unsupported.Message} yet.");
            throw;
        }
    }
}
