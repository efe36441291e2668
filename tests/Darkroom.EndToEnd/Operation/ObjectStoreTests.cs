using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>The built server with its pictures in a real object store.</summary>
public sealed class ObjectStoreTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
    private readonly S3Server objects = new();

    public void Dispose()
    {
        objects.Dispose();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Pictures_are_in_the_bucket_after_a_kill_and_gone_from_it_when_they_are_purged()
    {
        string id, url, sha256;
        byte[] picture;
        await using (var server = await StartAsync())
        {
            var made = (await server.Client.PostAsync(new { prompt = "a red apple", steps = 8, seed = 7, upscale = (object?)null })).Succeeded();
            id = made.GetProperty("id").GetString()!;
            var image = made.GetProperty("images")[0];
            (url, sha256) = (image.GetProperty("url").GetString()!, image.GetProperty("sha256").GetString()!);
            var whole = await server.Client.FetchAsync(url);
            picture = whole.Bytes;
            Assert.Equal((64, 64), (whole.Picture("image/png").Width, whole.Picture("image/png").Height));
            Assert.Equal(($"\"{sha256}\"", sha256), (whole.Headers.ETag!.Tag, Convert.ToHexStringLower(SHA256.HashData(picture))));
            Assert.Equal(304, (await server.Client.FetchAsync(url, ifNoneMatch: $"\"{sha256}\"")).Status);
            using var asked = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(100, 199) } };
            using var part = await server.Client.SendAsync(asked, Cancellation);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal(picture[100..200], await part.Content.ReadAsByteArrayAsync(Cancellation));
            Assert.Contains(sha256, Assert.Single(objects.KeysOf("pictures")), StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(data, "pictures")));
            await server.KillAsync();
        }
        await using var again = await StartAsync();
        Assert.Equal(picture, (await again.Client.FetchAsync(url)).Bytes);

        // What is sent goes through the bucket too, and leaves it with its job.
        var edited = await again.Client.PostAsync(
            new { prompt = "a fox", image = Convert.ToBase64String(picture), steps = 4, seed = 3, upscale = (object?)null }, task: "img2img");
        Assert.Single(edited.Pictures());
        Assert.DoesNotContain(objects.KeysOf("pictures"), key => key.StartsWith("inputs/", StringComparison.Ordinal));

        Assert.Equal(204, (await again.Client.FetchAsync($"/v1/jobs/{id}?purge=true", method: HttpMethod.Delete)).Status);
        Assert.DoesNotContain(objects.KeysOf("pictures"), key => key.StartsWith("pictures/", StringComparison.Ordinal) && key.Contains(sha256));
        (await again.Client.FetchAsync(url)).Problem(410, "image_gone");
    }

    [Fact]
    public async Task A_store_that_is_away_holds_up_neither_the_start_nor_a_picture_that_is_being_made()
    {
        objects.Stop();
        var starting = StartAsync(); // ends when the server is ready
        await Assert.ThrowsAsync<TimeoutException>(() => starting.WaitAsync(TimeSpan.FromSeconds(8), Cancellation));
        objects.StartAgain();
        await using var server = await starting.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.Contains("cannot be used, and it is tried again", server.Output, StringComparison.Ordinal);

        string id = await server.Client.BeginAsync(new { prompt = "a house", steps = 150, seed = 1, upscale = (object?)null });
        objects.Stop();
        await Calls.UntilAsync("the picture waits", () => Task.FromResult(server.Output.Contains("waits for the store of pictures", StringComparison.Ordinal)));
        Assert.Equal(503, (await server.Client.FetchAsync("/readyz")).Status);
        Assert.Equal("running", (await server.Client.JobAsync(id)).GetProperty("status").GetString());
        objects.StartAgain();
        await Calls.UntilAsync("it is stored", async () => (await server.Client.JobAsync(id)).GetProperty("status").GetString() == "succeeded");
        Assert.Single(objects.KeysOf("pictures"));
        await Calls.UntilAsync("the server is ready", async () => (await server.Client.FetchAsync("/readyz")).Status == 200);
        Assert.Contains("can be used again", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-canary", server.Output, StringComparison.Ordinal);
    }

    private Task<StartedServer> StartAsync() => StartedServer.StartAsync(null, data,
        ("Darkroom__Artifacts", "s3"), ("Darkroom__S3__Endpoint", objects.Endpoint.ToString()), ("Darkroom__S3__Bucket", "pictures"),
        ("Darkroom__S3__AccessKey", S3Server.Key), ("Darkroom__S3__SecretKey", "secret-canary"));
}
