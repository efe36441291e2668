using System.Text;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>The bot of <c>examples/bot</c>, in its room.</summary>
public sealed class BotExampleTests(ExampleServer server) : IClassFixture<ExampleServer>
{
    [Fact]
    public async Task Messages_of_several_people_show_previews_and_then_the_pictures()
    {
        using var folder = server.Folder();
        await using var bot = folder.Start("bot/bot.py", "--port 0");
        await using var room = await ChatRoom.EnterAsync(bot);
        await room.SayAsync("dan", "hello");
        string[] things = ["red apple, 3d render", "fox, 3d render", "robot, 3d render", "owl, 3d render"];
        await Task.WhenAll(things.Select((thing, i) => room.SayAsync($"person {i}", "/draw " + thing)));

        foreach (var (i, thing) in things.Index())
        {
            string title = $"{thing} (for person {i})";
            var end = await room.SaysAsync(title, "\nseed ");
            long seed = long.Parse(end.Text.Split("seed ")[1]);
            Assert.Equal(await server.PictureAsync(new { prompt = thing, seed, steps = 60 }), end.Picture);

            // One message, edited from nothing over previews to the picture, and no more than once a second.
            var edits = room.Read.Where(one => one.Id == end.Id).ToList();
            Assert.Equal(title + "\n…", edits[0].Text);
            Assert.Null(edits[0].Picture);
            var previews = edits.Where(one => one.Picture is not null).SkipLast(1).ToList();
            Assert.NotEmpty(previews);
            Assert.All(previews, one => Assert.Matches(@"\nstep [0-9]+ of 61$", one.Text));
            Assert.All(previews, one => Assert.Equal(64, PictureDecoder.Decode(one.Picture!).Width));
            Assert.All(edits.Zip(edits.Skip(1)), pair => Assert.InRange((pair.Second.At - pair.First.At).TotalSeconds, 0.8, double.MaxValue));
        }
        // Who comes late sees all messages as they stand now: what people wrote, and the last edit of each answer.
        await using var late = await ChatRoom.EnterAsync(bot);
        await Calls.UntilAsync("all nine messages are read", () => Task.FromResult(late.Read.Count >= 9));
        Assert.Equal(Enumerable.Range(0, 9), late.Read.Select(one => one.Id));
        Assert.All(things, thing => Assert.Single(late.Read, one => one.Text.Contains(thing + " (for", StringComparison.Ordinal) && one.Picture is not null));
    }

    [Fact]
    public async Task A_place_in_the_queue_is_told_and_each_person_cancels_their_own()
    {
        using var folder = server.Folder();
        await using var bot = folder.Start("bot/bot.py", "--port 0");
        await using var room = await ChatRoom.EnterAsync(bot);
        await using (await server.PausedAsync())
        {
            await room.SayAsync("ann", "/draw apple");
            await QueuedAsync(1);
            await room.SayAsync("bob", "/draw fox");
            await room.SaysAsync("fox (for bob)", "in the queue, 1 before it");
            await room.SayAsync("cid", "/cancel");
            await room.SaysAsync("cid, nothing of yours is being drawn");
            await room.SayAsync("bob", "/cancel");
            await room.SaysAsync("fox (for bob)", "cancelled: The job was cancelled before it was finished.");
            await QueuedAsync(1);
        }
        await room.SaysAsync("apple (for ann)", "\nseed ");
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_the_room()
    {
        using var folder = server.Folder();
        await using var bot = folder.Start("bot/bot.py", "--port 0");
        await using var room = await ChatRoom.EnterAsync(bot);
        await room.SayAsync("ann", "/draw " + new string('x', 5000));
        await room.SaysAsync("prompt has 5,000 characters.");
        await room.SayAsync("ann", "/dance");
        await room.SaysAsync("/draw and what to draw, or /cancel");

        foreach (string body in new[] { "", "[]", "{}", """{"author":"a"}""", """{"author":" ","text":null}"""[..^1], new string('x', 20_000) })
            Assert.Equal(400, (int)(await room.PostAsync(new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode);
        Assert.Equal(400, (int)(await room.PostAsync(new StringContent("""{"author":"a","text":"b"}""", Encoding.UTF8, "text/plain"))).StatusCode);
        foreach (string path in new[] { "/pictures/99?0", "/pictures/x?0", "/pictures/0?0", "/bot.py", "/../bot.py" })
            Assert.Equal(404, (int)(await room.GetAsync(path)).StatusCode);
        Assert.Contains("<ol role=\"log\"", await (await room.GetAsync("/")).Content.ReadAsStringAsync());
    }

    private Task QueuedAsync(int count) => Calls.UntilAsync($"{count} jobs wait", async () =>
        (await server.Client.FetchAsync("/v1/jobs?status=queued")).Succeeded().GetProperty("data").GetArrayLength() == count);
}
