"""What a person writes on a client that OpenAPI Generator made: python3 openapi_generator.py ADDRESS KEY PICTURE

It prints one object of JSON. The generated packages are darkroom and darkroom_forms: a method of this generator sends one kind of body.
"""
import base64
import hashlib
import json
import sys
import time
from types import SimpleNamespace

import darkroom
import darkroom_forms

address, key, picture = sys.argv[1:4]


def configured(package):
    configuration = package.Configuration(host=address)
    configuration.access_token = key
    return configuration


client = darkroom.ApiClient(configured(darkroom))
generation, jobs, pictures = darkroom.GenerationApi(client), darkroom.JobsApi(client), darkroom.PicturesApi(client)


def wanted(**more):
    # A model of this generator's leaves null out, and with it a wish such as "no upscaling": a dict keeps it.
    model = darkroom.Txt2ImgRequest(
        prompt="red apple", width=64, height=64, seed=7, steps=4, sampler=darkroom.Sampler.EULER_ANCESTRAL)
    return {**client.sanitize_for_serialization(model), "upscale": None, **more}


def told(image):
    data = base64.b64decode(image.data)
    assert len(data) == image.bytes and hashlib.sha256(data).hexdigest() == image.sha256
    return {
        "width": image.width, "height": image.height, "format": image.format, "seed": image.seed, "sha256": image.sha256, "data": image.data,
    }


def typed(data, name):
    return client.deserialize(SimpleNamespace(data=data), name)


def begin(body):
    """The method's type is that of 200: what 202 brings is read as the job that it is."""
    answer = generation.txt2img(body, prefer="respond-async", _preload_content=False)
    return answer, typed(answer.data, "JobAnswer")


def end(job_id):
    for polls in range(1, 100000):
        job = jobs.get_job(job_id)
        if job.status not in ("queued", "running"):
            return job, polls
        time.sleep(0.02)


def refused(call):
    try:
        call()
    except darkroom.ApiException as error:
        return error.status, typed(error.body, "ProblemDocument")
    raise AssertionError("Nothing was refused.")


def made():
    answer = generation.txt2img(wanted())
    return {
        "task": answer.task, "status": answer.status, "model": answer.model, "steps": answer.parameters.steps,
        "sampler": answer.parameters.sampler, "picture": told(answer.images[0]),
    }


def uploaded():
    # This generator's forms cannot carry numbers with a fraction: they go as text, and its own check of them is left out.
    configuration = configured(darkroom_forms)
    configuration.client_side_validation = False
    forms = darkroom_forms.GenerationApi(darkroom_forms.ApiClient(configuration))
    answer = forms.img2img(picture, "red apple", seed=7, steps=4, strength="0.6", sampler="euler_ancestral")
    return {"task": answer.task, "strength": answer.parameters.strength, "picture": told(answer.images[0])}


def background():
    answer, accepted = begin(wanted())
    job, polls = end(accepted.id)
    image = pictures.get_image(job.images[0].url.split("/")[-1], _preload_content=False)
    return {
        "status": answer.status, "location": answer.headers["Location"], "applied": answer.headers["Preference-Applied"], "polls": polls,
        "end": job.status, "picture": base64.b64encode(image.data).decode(),
    }


def events():
    _, accepted = begin(wanted(preview_every=2))
    names, steps, sha256 = [], [], ""
    stream = jobs.stream_job_events(accepted.id, _preload_content=False)
    for block in stream.data.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) if ": " in line else line.split(":", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if "event" not in fields:
            continue
        names.append(fields["event"])
        if names[-1] == "progress":
            steps.append(typed(fields["data"], "ProgressEvent").step)
        if names[-1] == "succeeded":
            sha256 = typed(fields["data"], "GenerationAnswer").images[0].sha256
    return {"names": names, "steps": steps, "end": jobs.get_job(accepted.id).status, "sha256": sha256}


def cancelled():
    _, accepted = begin(wanted(steps=150, count=8))
    asked = jobs.cancel_job(accepted.id)
    return {"asked": asked.status, "end": end(accepted.id)[0].status}


def repeated():
    first = generation.txt2img(wanted(), idempotency_key="openapi-generator")
    second, _, headers = generation.txt2img_with_http_info(wanted(), idempotency_key="openapi-generator")
    other = refused(lambda: generation.txt2img(wanted(seed=8), idempotency_key="openapi-generator"))[1]
    return {"first": first.id, "second": second.id, "replayed": headers["Idempotent-Replayed"], "other": other.type}


def fault():
    status, problem = refused(lambda: generation.txt2img(wanted(steps=151, guidance_scale=-1)))
    return {
        "status": status, "type": problem.type, "requestId": problem.request_id,
        "faults": [{"field": one.field, "limit": one.limit, "value": one.value} for one in problem.errors],
    }


def missing():
    status, problem = refused(lambda: jobs.get_job("0" * 32))
    return {"status": status, "type": problem.type}


def binary():
    asking = darkroom.ApiClient(configured(darkroom), header_name="Accept", header_value="image/png")
    answer = darkroom.GenerationApi(asking).txt2img(wanted(), _preload_content=False)
    return {
        "type": answer.headers["Content-Type"], "seed": answer.headers["X-Seed"], "job": answer.headers["X-Job-Id"],
        "data": base64.b64encode(answer.data).decode(),
    }


def bounds_of_the_document_hold():
    for wrong in ({"steps": 151}, {"guidance_scale": -1}, {"prompt": None}):
        try:
            darkroom.Txt2ImgRequest(**{"prompt": "red apple", **wrong})
        except ValueError:
            continue
        raise AssertionError(f"The model takes {wrong}.")


bounds_of_the_document_hold()
report = (made, uploaded, background, events, cancelled, repeated, fault, missing, binary)
print(json.dumps({scenario.__name__: scenario() for scenario in report}))
