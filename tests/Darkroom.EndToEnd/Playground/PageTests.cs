namespace Darkroom.EndToEnd.Playground;

/// <summary>The playground as people use it, in Chromium, with the starter model.</summary>
public sealed class PageTests(PageRun run) : IClassFixture<PageRun>
{
    [Theory]
    [InlineData("text to image")]
    [InlineData("image to image")]
    [InlineData("inpaint")]
    [InlineData("outpaint")]
    [InlineData("upscale")]
    [InlineData("cancel")]
    [InlineData("queue position")]
    [InlineData("reload in the middle of a job")]
    [InlineData("faults stand at their fields")]
    [InlineData("gallery, use these again, delete")]
    [InlineData("another browser finds the pictures at the server")]
    [InlineData("a dropped picture gives its parameters")]
    [InlineData("a dropped picture is verified")]
    [InlineData("each word shows where it was drawn")]
    [InlineData("the request as code runs")]
    [InlineData("nothing breaks a rule of accessibility in light colours")]
    [InlineData("nothing breaks a rule of accessibility in dark colours")]
    [InlineData("a narrow screen")]
    [InlineData("Korean")]
    [InlineData("both languages have the same texts")]
    [InlineData("light and dark can be chosen")]
    [InlineData("keys alone make a picture")]
    [InlineData("console of tasks")]
    [InlineData("console of flows")]
    [InlineData("console of looks")]
    public void Page_does_what_is_expected(string scenario)
    {
        PageBrowser.Needed();
        Assert.Null(run.Found[scenario]);
    }

    [Fact]
    public void Every_scenario_is_looked_at()
    {
        PageBrowser.Needed();
        Assert.Equal(25, run.Found.Count);
    }
}
