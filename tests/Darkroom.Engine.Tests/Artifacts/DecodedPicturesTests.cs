using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Imaging;

namespace Darkroom.Engine.Tests.Artifacts;

public sealed class DecodedPicturesTests
{
    private static readonly Picture Small = Picture.Blank(10, 10, 1), Large = Picture.Blank(100, 10, 1);

    [Fact]
    public void The_oldest_go_where_there_is_no_room_and_what_never_fits_is_not_kept()
    {
        var pictures = new DecodedPictures(capacityBytes: 250);
        pictures.Add("a", Small);
        pictures.Add("b", Small);
        pictures.Add("large", Large);
        Assert.Same(Small, pictures.Find("a"));
        pictures.Add("c", Small);
        Assert.Equal([false, true, true, false], new[] { "a", "b", "c", "large" }.Select(id => pictures.Find(id) is not null));
        pictures.Remove("b");
        pictures.Remove("b");
        pictures.Add("d", Small);
        Assert.Equal([false, true, true], new[] { "b", "c", "d" }.Select(id => pictures.Find(id) is not null));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_job_takes_the_pixels_that_are_at_hand_else_its_file_and_lets_both_go(bool atHand)
    {
        using var engine = new EngineHarness();
        Picture white = new(32, 32, 3, [.. Enumerable.Repeat((byte)255, 32 * 32 * 3)]), black = Picture.Blank(32, 32, 3);
        var cancellation = TestContext.Current.CancellationToken;
        string id = await engine.Inputs.SendAsync(PictureEncoder.Encode(black, PictureFormat.Png, 90, null), cancellation);
        if (atHand) engine.Decoded.Add(id, white); // not what the file says, so that it shows
        var job = await engine.SubmitAsync(Requests.Plain with
        {
            Task = GenerationTask.Img2img, Count = 2, Edit = new PictureEdit { Picture = new InputPicture(id, 32, 32), Strength = 0 },
        });
        await engine.RunAsync();
        foreach (var image in (await engine.JobAsync(job.Id)).Result!.Images)
            Assert.Equal((atHand ? white : black).Pixels,
                PictureDecoder.Decode((await engine.Artifacts.ReadAsync(image.ArtifactId, cancellation))!.Value).Pixels);
        Assert.Null(engine.Decoded.Find(id));
        Assert.Null(await engine.Inputs.FindAsync(id, cancellation));
    }
}
