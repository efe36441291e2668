using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace Darkroom.TestKit;

/// <summary>Requests of random models, sizes and counts, pictures and bodies, many at once, for a server that has little memory.</summary>
/// <param name="server">The server.</param>
/// <param name="picture">A picture's file, by its sides.</param>
/// <param name="seed">Of all that is random.</param>
public sealed class MemorySoak(StartedServer server, Func<int, byte[]> picture, int seed)
{
    private static readonly string[] Models = ["sd15-tiny", "sd21-tiny", "sdxl-tiny", "starter"];

    private readonly ConcurrentDictionary<string, int> answers = new();
    private readonly ConcurrentBag<double> small = [];
    private long until;
    private int seeds = seed;

    /// <summary>How many answers there were of each kind: what was asked for, and the status.</summary>
    public IReadOnlyDictionary<string, int> Answers => answers;

    /// <summary>Seconds that small requests took, the longest last.</summary>
    public IReadOnlyList<double> Small => [.. small.Order()];

    /// <summary>Runs for a while, and until what was begun is answered.</summary>
    public Task RunAsync(TimeSpan time)
    {
        until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        return Task.WhenAll([
            .. Enumerable.Range(0, 6).Select(_ => RepeatAsync(LargeAsync)),
            .. Enumerable.Range(0, 4).Select(_ => RepeatAsync(UploadAsync)),
            RepeatAsync(SmallAsync), RepeatAsync(SmallAsync)]);
    }

    private async Task RepeatAsync(Func<Random, Task> one)
    {
        var random = new Random(Interlocked.Increment(ref seeds));
        while (Stopwatch.GetTimestamp() < until) await one(random);
    }

    private Task LargeAsync(Random random) => random.Next(5) switch
    {
        0 => PostAsync("img2img", new
        {
            prompt = "a", model = "sd15-tiny", image = picture(random.Next(64, 3000)),
            width = 64 * random.Next(1, 6), height = 64 * random.Next(1, 6), steps = 2, deadline = 30,
        }),
        1 => PostAsync("upscale", new { image = picture(random.Next(64, 1500)), scale = 2, tile = 128, model = "realesr-animevideov3-x2", deadline = 4 }),
        _ => PostAsync("txt2img", new
        {
            prompt = "a fox", model = Models[random.Next(Models.Length)], width = 64 * random.Next(1, 12), height = 64 * random.Next(1, 12),
            count = 1 << random.Next(3), steps = random.Next(1, 3), guidance_scale = 1 + 2 * random.Next(2), deadline = 30,
        }),
    };

    private async Task SmallAsync(Random random)
    {
        long began = Stopwatch.GetTimestamp();
        await PostAsync("txt2img", new { prompt = "a", model = "sd15-tiny", width = 64, height = 64, steps = 1 }, "small");
        small.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private Task PostAsync(string task, object body, string? name = null) => CountAsync(name ?? task, new HttpRequestMessage(HttpMethod.Post, "/v1/" + task)
    {
        Content = JsonContent.Create(body),
    });

    /// <summary>A body of blanks, its length told or not, which is refused when all of it is there.</summary>
    private Task UploadAsync(Random random)
    {
        byte[] blanks = Encoding.ASCII.GetBytes(new string(' ', random.Next(1, 60) << 20));
        HttpContent content = random.Next(3) == 0 ? new StreamContent(new MemoryStream(blanks)) : new ByteArrayContent(blanks);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/img2img") { Content = content };
        request.Headers.TransferEncodingChunked = random.Next(3) == 0;
        return CountAsync("upload", request);
    }

    private async Task CountAsync(string name, HttpRequestMessage request)
    {
        using (request)
        {
            string answer;
            try
            {
                using var response = await server.Client.SendAsync(request);
                answer = $"{name} {(int)response.StatusCode}";
                if ((int)response.StatusCode == 500) answer += " " + await response.Content.ReadAsStringAsync();
            }
            catch (HttpRequestException)
            {
                answer = $"{name} cut off"; // an upload that was refused while it was sent; of anything else somebody asks why
            }
            answers.AddOrUpdate(answer, 1, static (_, count) => count + 1);
        }
    }
}
