using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>A message as it stands after one edit, and when it was read.</summary>
internal sealed record RoomMessage(int Id, string Author, string Text, byte[]? Picture, TimeSpan At);

/// <summary>The room of <c>examples/bot</c>, as its page sees it.</summary>
internal sealed class ChatRoom : IAsyncDisposable
{
    private readonly HttpClient client;
    private readonly CancellationTokenSource leave = new();
    private readonly ConcurrentQueue<RoomMessage> read = new();
    private readonly Task reading;

    private ChatRoom(Uri address)
    {
        client = new HttpClient { BaseAddress = address };
        reading = ReadAsync();
    }

    /// <summary>Every message and every edit of one so far.</summary>
    public IReadOnlyList<RoomMessage> Read => [.. read];

    /// <summary>Enters the room that a bot has opened.</summary>
    public static async Task<ChatRoom> EnterAsync(RunningExample bot)
    {
        await bot.SaidAsync("The room is at ");
        return new ChatRoom(new Uri(bot.Output.Split("The room is at ")[1].Trim()));
    }

    public async Task SayAsync(string author, string text)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { author, text }), Encoding.UTF8, "application/json"); // its length is known
        using var answer = await client.PostAsync("/messages", body);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    public Task<HttpResponseMessage> PostAsync(HttpContent content) => client.PostAsync("/messages", content);

    public Task<HttpResponseMessage> GetAsync(string path) => client.GetAsync(path);

    /// <summary>The first message or edit of the bot whose text has all of <paramref name="words"/>.</summary>
    public async Task<RoomMessage> SaysAsync(params string[] words)
    {
        RoomMessage? found = null;
        await Calls.UntilAsync($"the bot says '{string.Join("' and '", words)}'", () => Task.FromResult(
            (found = Read.FirstOrDefault(one =>
                one.Author == "darkroom" && words.All(word => one.Text.Contains(word, StringComparison.Ordinal)))) is not null));
        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        await leave.CancelAsync();
        await reading;
        leave.Dispose();
        client.Dispose();
    }

    private async Task ReadAsync()
    {
        long since = Stopwatch.GetTimestamp();
        try
        {
            await using var stream = await client.GetStreamAsync("/messages", leave.Token);
            await foreach (var item in SseParser.Create(stream).EnumerateAsync(leave.Token))
            {
                var at = Stopwatch.GetElapsedTime(since);
                var message = JsonSerializer.Deserialize<JsonElement>(item.Data);
                string? picture = message.GetProperty("picture").GetString();
                read.Enqueue(new(
                    message.GetProperty("id").GetInt32(), message.GetProperty("author").GetString()!, message.GetProperty("text").GetString()!,
                    picture is null ? null : await client.GetByteArrayAsync(picture, leave.Token), at));
            }
        }
        catch (Exception end) when (leave.IsCancellationRequested && end is OperationCanceledException or IOException)
        {
        }
    }
}
