using Darkroom.Engine.Artifacts;

namespace Darkroom.Engine.Tests.Artifacts;

public sealed class SweepChoiceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly SweepChoice choice = new(TimeSpan.FromHours(24));

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1, true)]
    [InlineData(100, true)]
    public void Picture_without_a_job_goes_after_an_hour(double hours, bool goes) => Assert.Equal(goes, choice.IsDue(Picture(hours), null, Now));

    [Theory]
    [InlineData(100, false)]
    [InlineData(1000, false)]
    public void Picture_of_a_job_that_is_not_finished_stays(double hours, bool goes) =>
        Assert.Equal(goes, choice.IsDue(Picture(hours), new(null, []), Now));

    [Theory]
    [InlineData(23.9, false)]
    [InlineData(24, true)]
    public void Picture_of_a_finished_job_goes_after_the_retention_from_its_end(double hours, bool goes) =>
        Assert.Equal(goes, choice.IsDue(Picture(50), new(Now.AddHours(-hours), ["other", "picture"]), Now));

    [Theory]
    [InlineData(0.9, false)]
    [InlineData(1, true)]
    public void Picture_that_its_finished_job_does_not_tell_of_goes_after_an_hour(double hours, bool goes) =>
        Assert.Equal(goes, choice.IsDue(Picture(hours), new(Now, ["other"]), Now));

    [Theory]
    [InlineData(0.9, false, false)]
    [InlineData(1, false, true)]
    [InlineData(1000, true, false)]
    public void Sent_file_goes_after_an_hour_unless_a_job_uses_it(double hours, bool isUsed, bool goes) =>
        Assert.Equal(goes, SweepChoice.IsDue(new InputEntry("file", Now.AddHours(-hours)), new HashSet<string>(isUsed ? ["file"] : ["other"]), Now));

    [Theory]
    [InlineData(24, 0.9, false)]
    [InlineData(24, 1, true)]
    [InlineData(0.5, 0.4, false)]
    [InlineData(0.5, 0.5, true)]
    public void Picture_younger_than_all_that_could_remove_it_is_not_looked_at(double retention, double hours, bool isLookedAt) =>
        Assert.Equal(isLookedAt, new SweepChoice(TimeSpan.FromHours(24)).With(
            new Dictionary<string, TimeSpan> { ["alice"] = TimeSpan.FromHours(retention) }).MayBeDue(Picture(hours), Now));

    private static ArtifactEntry Picture(double hours) => new("picture", "job", Now.AddHours(-hours));
}
