namespace NetGen.IntegrationTests;

public class PlaceholderTests
{
    [Fact]
    public void Placeholder() => Assert.True(true);
}
