namespace Darkroom.Architecture.Documents;

public sealed class NamedPathsTests
{
    [Theory]
    [InlineData("see `src/Darkroom.Engine/Stages/`.", "src/Darkroom.Engine/Stages")]
    [InlineData("    dotnet run --project tests/Darkroom.Benchmarks -- load", "tests/Darkroom.Benchmarks")]
    [InlineData("`Scheduling/StepScheduler.cs` and `Scheduling/`", "Scheduling/StepScheduler.cs", "Scheduling")]
    [InlineData("`EulerDiscrete.cs`", "EulerDiscrete.cs")]
    [InlineData("[five](0005-graphs.md#a) and [far](https://example.org/a.md)", "docs/decisions/0005-graphs.md")]
    [InlineData("![a](../engine.svg)", "docs/engine.svg")]
    [InlineData("`tests/conformance/pipelines/NAME/`, `YourSurface/Contracts/`, `image/png`, `/v1/models`, `Job.Apply`")]
    public void A_page_names_paths_from_the_root_ends_of_paths_and_links(string text, params string[] paths) =>
        Assert.Equal(paths, NamedPaths.Of("docs/decisions/0000-page.md", text));
}
