using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Darkroom.Models.Catalog;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

public sealed class SurfaceTests
{
    [Fact]
    public async Task A_picture_is_immutable_and_has_an_etag()
    {
        await using var server = await RunningServer.StartAsync();
        using var made = await server.PostAsync("""{"prompt":""}""", "image/png");
        var url = made.Content.Headers.ContentLocation!;
        using var picture = await server.Client.GetAsync(url);
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);
        Assert.Equal("private, max-age=31536000, immutable",
            string.Join(", ", picture.Headers.GetValues("Cache-Control").Single().Split(", ").Order(StringComparer.Ordinal)
            .OrderBy(part => Array.IndexOf(["private", "max-age=31536000", "immutable"], part))));
        Assert.Equal("nosniff", picture.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.EndsWith(".png\"", picture.Content.Headers.GetValues("Content-Disposition").Single());
        var etag = picture.Headers.ETag!;
        Assert.Equal(64 + 2, etag.Tag.Length);

        foreach (var (tag, status) in ((string, HttpStatusCode)[])[(etag.Tag, HttpStatusCode.NotModified), ("W/" + etag.Tag, HttpStatusCode.NotModified),
            ("*", HttpStatusCode.NotModified), ("\"x\", " + etag.Tag, HttpStatusCode.NotModified), ("\"x\"", HttpStatusCode.OK)])
        {
            var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            using var answer = await server.Client.SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
        }

        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));
        Assert.Equal(picture.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/v1/images/00000000000000000000000000000abc", "image_not_found")]
    [InlineData("/v1/images/..%2f..%2fetc%2fpasswd", "image_not_found")]
    [InlineData("/v1/images/ABC", "image_not_found")]
    [InlineData("/v1/models/nothing", "model_not_found")]
    [InlineData("/v1/jobs/nothing", "job_not_found")]
    [InlineData("/v1/nothing", "not_found")]
    [InlineData("/v2", "not_found")]
    public async Task What_is_not_there_is_a_problem_document(string path, string slug)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("/problems/" + slug, (string?)(await response.JsonAsync())["type"]);
    }

    [Fact]
    public async Task Another_method_is_a_problem_that_names_the_right_one()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.Client.GetAsync("/v1/txt2img");
        await response.ProblemAsync(405, "method_not_allowed");
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Models_are_listed_with_what_they_can_do_and_what_is_wrong()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models.Add(new() { Id = "broken", Title = "broken", Fault = "unet/model.onnx: not an ONNX graph" });
        var list = JsonNode.Parse(await server.Client.GetStringAsync("/v1/models"))!;
        Assert.Equal("list", (string?)list["object"]);
        var starter = list["data"]![0]!.AsObject();
        foreach (var name in (string[])["id", "object", "created", "owned_by", "family", "tasks", "prediction", "native_size", "size_step", "max_size",
            "defaults", "samplers", "capabilities", "state", "memory_bytes", "licence"])
            Assert.True(starter.ContainsKey(name), name);
        Assert.Equal("ready", (string?)starter["state"]);
        Assert.Equal(("ddim", 20, 2.5),
            ((string?)starter["defaults"]!["sampler"], (int?)starter["defaults"]!["steps"], (double?)starter["defaults"]!["guidance_scale"]));
        var broken = list["data"]![1]!;
        Assert.Equal(("failed", "unet/model.onnx: not an ONNX graph"), ((string?)broken["state"], (string?)broken["reason"]));
        Assert.Equal("starter", (string?)JsonNode.Parse(await server.Client.GetStringAsync("/v1/models/starter"))!["id"]);
    }

    [Fact]
    public async Task Samplers_and_schedules_are_listed()
    {
        await using var server = await RunningServer.StartAsync();
        var samplers = JsonNode.Parse(await server.Client.GetStringAsync("/v1/samplers"))!["data"]!.AsArray();
        Assert.Equal(26, samplers.Count);
        Assert.Equal(["name", "title", "aliases", "kind", "schedules"],
            samplers[0]!.AsObject().Select(property => property.Key).Where(key => key != "default_eta"));
        var schedules = JsonNode.Parse(await server.Client.GetStringAsync("/v1/schedules"))!["data"]!.AsArray();
        Assert.Equal(13, schedules.Count);
    }

    [Fact]
    public async Task Version_and_root_say_what_is_here()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal("Darkroom", (string?)JsonNode.Parse(await server.Client.GetStringAsync("/v1/version"))!["name"]);
        Assert.Equal("/swagger", (string?)JsonNode.Parse(await server.Client.GetStringAsync("/"))!["documentation"]);
        Assert.Contains("swagger-ui", await server.Client.GetStringAsync("/swagger/index.html"));
    }

    [Fact]
    public async Task A_sane_request_id_is_kept_and_another_replaced()
    {
        await using var server = await RunningServer.StartAsync();
        async Task<string> Sent(string id)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/livez");
            request.Headers.TryAddWithoutValidation("X-Request-Id", id);
            using var response = await server.Client.SendAsync(request);
            Assert.False(response.Headers.Contains("Server"));
            return response.Headers.GetValues("X-Request-Id").Single();
        }

        Assert.Equal("abc-123_x.y", await Sent("abc-123_x.y"));
        Assert.Matches("^[0-9a-f]{32}$", await Sent("a b<script>"));
        Assert.Matches("^[0-9a-f]{32}$", await Sent(new string('a', 65)));
    }

    [Fact]
    public async Task A_job_can_be_looked_up_with_its_pictures()
    {
        await using var server = await RunningServer.StartAsync();
        using var made = await server.PostAsync("""{"prompt":"a fox"}""");
        var id = (string?)(await made.JsonAsync())["id"];
        var job = JsonNode.Parse(await server.Client.GetStringAsync($"/v1/jobs/{id}"))!;
        Assert.Equal(("succeeded", 1.0), ((string?)job["status"], (double?)job["progress"]!["share"]));
        Assert.StartsWith("/v1/images/", (string?)job["images"]![0]!["url"]);
        using var late = await server.Client.DeleteAsync($"/v1/jobs/{id}");
        Assert.Equal("succeeded", (string?)(await late.JsonAsync())["status"]);
    }
}
