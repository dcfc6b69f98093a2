// Ada and Bo, who use applications made with masto.js. Speaks with the test by lines of JSON: asks
// for the code of a consent page, is given it, and says at the end what was seen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";
import WebSocket from "ws";

const [url, picturePath] = process.argv.slice(2);
const OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
const SCOPES = "read write follow push";
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function ask(question) {
  console.log(JSON.stringify(question));
  return JSON.parse((await answers.next()).value);
}

async function signIn(name) {
  const visitor = createRestAPIClient({ url });
  const clientName = `Sail of ${name}`;
  const app = await visitor.v1.apps.create({ clientName, redirectUris: OUT_OF_BAND, scopes: SCOPES });
  const query = new URLSearchParams({
    response_type: "code",
    client_id: app.clientId,
    redirect_uri: OUT_OF_BAND,
    scope: SCOPES,
  });
  const code = await ask({ name, clientName, address: `${url}/oauth/authorize?${query}` });
  const oauth = createOAuthAPIClient({ url });
  const credentials = { clientId: app.clientId, clientSecret: app.clientSecret };
  const token = await oauth.token.create({
    ...credentials,
    grantType: "authorization_code",
    code,
    redirectUri: OUT_OF_BAND,
  });
  const rest = createRestAPIClient({ url, accessToken: token.accessToken });
  const instance = await rest.v2.instance.fetch();
  const streamingApiUrl = instance.configuration.urls.streaming;
  assert.equal(streamingApiUrl.split(":")[0], url.startsWith("https") ? "wss" : "ws");
  const streaming = createStreamingAPIClient({
    streamingApiUrl,
    accessToken: token.accessToken,
    implementation: WebSocket,
  });
  const signOut = () => oauth.revoke({ ...credentials, token: token.accessToken });
  return { rest, streaming, signOut, me: await rest.v1.accounts.verifyCredentials() };
}

// The next message of a stream of one of these kinds; what else comes is passed over.
async function next(stream, ...kinds) {
  for (;;) {
    const { value, done } = await stream.next();
    if (done) throw new Error("the stream ended");
    if (kinds.includes(value.event)) return value.payload;
  }
}

// Until the server has taken the subscription up, posts of one's own are sent and looked for.
async function subscribed(stream, rest) {
  const heard = stream[Symbol.asyncIterator]();
  const first = heard.next();
  let known = false;
  first.then(() => (known = true));
  while (!known) {
    const knock = await rest.v1.statuses.create({ status: "Knock", visibility: "private" });
    await Promise.race([first, new Promise((resume) => setTimeout(resume, 200))]);
    await rest.v1.statuses.$select(knock.id).remove();
  }
  return heard;
}

const ids = (statuses) => statuses.map((status) => status.id);

const stories = {
  async "a picture and a question reach a follower"(ada, bo) {
    await bo.rest.v1.accounts.$select(ada.me.id).follow();
    const stream = await subscribed(bo.streaming.user.subscribe(), bo.rest);
    const file = new Blob([readFileSync(picturePath)], { type: "image/png" });
    const media = await ada.rest.v2.media.create({ file, description: "A red square" });
    const shown = await ada.rest.v1.statuses.create({ status: "My square", mediaIds: [media.id] });
    let seen;
    do seen = await next(stream, "update");
    while (seen.id !== shown.id);
    assert.equal(seen.account.acct, "ada");
    assert.deepEqual(seen.mediaAttachments.map((m) => m.description), ["A red square"]);
    const poll = { options: ["Tea", "Coffee"], expiresIn: 600 };
    const asked = await ada.rest.v1.statuses.create({ status: "Which?", poll });
    await bo.rest.v1.polls.$select(asked.poll.id).votes.create({ choices: [0] });
    const counted = await ada.rest.v1.polls.$select(asked.poll.id).fetch();
    assert.deepEqual(counted.options.map((o) => o.votesCount), [1, 0]);
  },

  async "what one does the other is told"(ada, bo) {
    const stream = await subscribed(ada.streaming.user.subscribe(), ada.rest);
    const post = await ada.rest.v1.statuses.create({ status: "Good morning" });
    const answer = await bo.rest.v1.statuses.create({
      status: "@ada Good morning to you",
      inReplyToId: post.id,
    });
    const told = await next(stream, "notification");
    assert.deepEqual([told.type, told.account.acct, told.status.id], ["mention", "bo", answer.id]);
    const chosen = bo.rest.v1.statuses.$select(post.id);
    await chosen.favourite();
    assert.equal((await next(stream, "notification")).type, "favourite");
    await chosen.reblog();
    assert.equal((await next(stream, "notification")).type, "reblog");
    await chosen.bookmark();
    assert.deepEqual(ids(await bo.rest.v1.bookmarks.list()), [post.id]);
    assert.deepEqual(ids(await bo.rest.v1.favourites.list()), [post.id]);
    const thread = await ada.rest.v1.statuses.$select(post.id).context.fetch();
    assert.deepEqual(ids(thread.descendants), [answer.id]);
    const plain = await ada.rest.v1.notifications.list({ types: ["favourite", "reblog"] });
    assert.deepEqual(plain.map((n) => n.type), ["reblog", "favourite"]);
    const grouped = await ada.rest.v2.notifications.list({ types: ["favourite"] });
    assert.deepEqual(grouped.notificationGroups.map((g) => [g.type, g.statusId]), [["favourite", post.id]]);
    assert.ok((await ada.rest.v1.notifications.unreadCount.fetch()).count >= 3);
  },

  async "edits and deletions reach who saw the post"(ada, bo) {
    const stream = await subscribed(bo.streaming.user.subscribe(), bo.rest);
    const post = await ada.rest.v1.statuses.create({ status: "I like tee" });
    const chosen = ada.rest.v1.statuses.$select(post.id);
    await chosen.update({ status: "I like tea" });
    assert.equal((await next(stream, "status.update")).content, "<p>I like tea</p>");
    const versions = await bo.rest.v1.statuses.$select(post.id).history.list();
    assert.deepEqual(versions.map((v) => v.content), ["<p>I like tee</p>", "<p>I like tea</p>"]);
    await chosen.remove();
    let gone;
    do gone = await next(stream, "delete");
    while (gone !== post.id);
    await assert.rejects(bo.rest.v1.statuses.$select(post.id).fetch(), { statusCode: 404 });
  },

  async "lists and filters change what one sees"(ada, bo) {
    const friends = await bo.rest.v1.lists.create({ title: "Friends" });
    const chosen = bo.rest.v1.lists.$select(friends.id);
    await chosen.accounts.create({ accountIds: [ada.me.id] });
    const spoilt = await ada.rest.v1.statuses.create({ status: "The butler did it" });
    assert.equal((await bo.rest.v1.timelines.list.$select(friends.id).list())[0].id, spoilt.id);
    const filter = await bo.rest.v2.filters.create({
      title: "Spoilers",
      context: ["home"],
      filterAction: "warn",
      keywordsAttributes: [{ keyword: "butler", wholeWord: true }],
    });
    const [seen] = await bo.rest.v1.timelines.home.list({ limit: 1 });
    assert.equal(seen.filtered[0].filter.title, "Spoilers");
    await bo.rest.v2.filters.$select(filter.id).remove();
    await chosen.remove();
    assert.deepEqual(await bo.rest.v1.lists.list(), []);
  },

  async "every timeline is read page by page"(ada, bo) {
    const posted = [];
    for (let n = 0; n < 7; n++) {
      posted.unshift((await ada.rest.v1.statuses.create({ status: `Number ${n} #counting` })).id);
    }
    const timelines = bo.rest.v1.timelines;
    const all = [
      timelines.home.list({ limit: 3 }),
      timelines.public.list({ limit: 3, local: true }),
      timelines.tag.$select("counting").list({ limit: 3 }),
      bo.rest.v1.accounts.$select(ada.me.id).statuses.list({ limit: 3 }),
    ];
    for (const pages of all) {
      const read = [];
      for await (const page of pages) {
        read.push(...ids(page));
        if (read.length >= 7) break;
      }
      assert.deepEqual(read.slice(0, 7), posted);
    }
  },

  async "search finds posts, people and tags"(ada, bo) {
    const post = await ada.rest.v1.statuses.create({ status: "A heron in the reeds #herons" });
    const found = await ada.rest.v2.search.list({ q: "reeds" });
    assert.deepEqual(ids(found.statuses), [post.id]);
    const people = await bo.rest.v2.search.list({ q: "ada", type: "accounts" });
    assert.deepEqual(people.accounts.map((a) => a.acct), ["ada"]);
    const tags = await bo.rest.v2.search.list({ q: "heron", type: "hashtags" });
    assert.deepEqual(tags.hashtags.map((t) => t.name), ["herons"]);
  },

  async "signing out ends what the application may"(ada) {
    await ada.signOut();
    await assert.rejects(ada.rest.v1.accounts.verifyCredentials(), { statusCode: 401 });
  },
};

const ada = await signIn("ada");
const bo = await signIn("bo");
for (const [name, story] of Object.entries(stories)) {
  await story(ada, bo);
  console.log(JSON.stringify({ told: name }));
}
ada.streaming.close();
bo.streaming.close();
process.exit(0);
