// A picture from a text.
//   dotnet run examples/csharp/txt2img.cs -- "red apple, 3d render" [SEED]
#:project ../../src/Darkroom.Client
using Darkroom.Client;

using var darkroom = new DarkroomClient(
    new Uri(Environment.GetEnvironmentVariable("DARKROOM_URL") ?? "http://127.0.0.1:8080"), Environment.GetEnvironmentVariable("DARKROOM_KEY"));
try
{
    var result = await darkroom.GenerateAsync(new Txt2ImgRequest
    {
        Prompt = args.ElementAtOrDefault(0) ?? "red apple, 3d render",
        Seed = long.TryParse(args.ElementAtOrDefault(1), out long seed) ? seed : null, // null: the server draws one, and tells it
    });
    var image = result.Images[0];
    await image.SaveAsync("txt2img.png");
    Console.WriteLine($"txt2img.png, seed {image.Seed}");
    return 0;
}
catch (DarkroomException refused)
{
    Console.Error.WriteLine(refused.Message); // of every wrong field; refused.Faults has them one by one, with value and limit
}
catch (HttpRequestException error)
{
    Console.Error.WriteLine($"No server answers at {darkroom.Address}: {error.Message}");
}
return 1;
