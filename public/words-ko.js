// The words of the pages in Korean; words.js says how they are used. The names
// of calls, of threads and of the store's lists stay as they are in the source.

export default {
    "language.next": "English",

    "page.title": "{page} – crier",
    "page.nav": "페이지",
    "page.chat": "채팅",
    "page.compare": "비교",
    "page.threads": "스레드",
    "page.inspect": "스트림 검사",
    "page.wall": "프로젝터",
    "page.wall.end": "프로젝터 끄기",

    "state.connecting": "연결 중…",
    "state.live": "연결됨",
    "state.reconnecting": "재연결 중…",
    "state.refused": "거절됨. 곧 다시 시도합니다…",

    "unit.us": "{count}µs",
    "unit.ms": "{count}ms",
    "unit.seconds": "{count}초",
    "unit.minutes": "{count}분",
    "unit.bytes": "{count} B",
    "unit.kilobytes": "{count} kB",

    // post.js
    "post.token": "이 서버에는 토큰을 아는 사람만 보낼 수 있습니다. 토큰:",
    "post.silence":
        "보내지 못했습니다. 서버가 응답하지 않습니다. 다시 시도해 주세요.",
    "post.status": "보내지 못했습니다. 서버의 응답: {status}",

    // refusal.js
    "refusal.empty": "먼저 메시지를 입력해 주세요.",
    "refusal.token": "토큰이 없거나 올바르지 않습니다. 다시 시도해 주세요.",
    "refusal.classroom": `서버를 실행한 컴퓨터에서만 할 수 있습니다. 다른
        컴퓨터에서도 하려면 서버를 --classroom으로 시작하세요.`,
    "refusal.name": `서버가 이 페이지의 주소를 자기 이름으로 알지 못합니다. 서버를
        --server-name으로 시작하세요.`,
    "refusal.sleeps": `깨울 구독자가 없습니다. 잠들어 있는 구독자를 고르거나, 채팅 창을
        하나 열어 보세요.`,
    "refusal.nobody": `깨울 구독자가 없거나, 차례에 제한이 없어(--turns 0) 이미
        모두 한꺼번에 깨어납니다. 채팅 창을 하나 열어 보세요.`,
    "refusal.held":
        "이미 누가 뮤텍스를 붙잡고 있습니다. 잠시 후 다시 시도해 주세요.",
    "refusal.late": "지금 묻고 있는 질문이 아니거나, 정답이 이미 공개되었습니다.",
    "refusal.long": "메시지가 너무 깁니다.",
    "refusal.often": "메시지를 너무 자주 보냈습니다. 잠시 후 다시 보내 주세요.",
    "refusal.busy":
        "서버가 지금은 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.",

    // index.html
    "chat.messages": "메시지",
    "chat.nothing": "아직 아무도 말하지 않았습니다.",
    "chat.new": "새 메시지 ↓",
    "chat.message": "메시지 입력",
    "chat.say": "모두에게 말해 보세요",
    "chat.send": "보내기",
    "chat.shared": { other: "탭 {count}개가 함께 사용" },
    "chat.older": "이전 메시지는 더 이상 보관하지 않습니다.",
    "chat.missed": "여기서 받지 못한 메시지가 있습니다.",

    // compare.html
    "compare.title": "메시지를 받는 세 가지 방법",
    "compare.what": `이 페이지는 같은 메시지를 세 가지 방법으로 받습니다.
        메시지를 몇 개 보내 보세요. 각 방법에 비용이 얼마나 드는지, 메시지가
        도착하기까지 얼마나 걸리는지 볼 수 있습니다.`,
    "compare.one": "하나 보내기",
    "compare.many": "1초에 세 개씩",
    "compare.reset": "처음부터 다시",
    "compare.polling": "폴링",
    "compare.longpolling": "롱 폴링",
    "compare.sse": "SSE",
    "compare.polling.how": `페이지가 1초마다 새 메시지가 있는지 묻습니다. 응답은
        대부분 비어 있습니다. 새 메시지는 다음 요청이 올 때까지 기다립니다.`,
    "compare.longpolling.how": `페이지가 새 메시지를 요청하면, 서버는 새 메시지가
        생길 때까지 응답을 미룹니다. 응답을 받으면 페이지는 다시 요청합니다.`,
    "compare.sse.title": "Server-Sent Events(SSE)",
    "compare.sse.how": `페이지는 한 번만 요청하고, 응답은 끝나지 않습니다.
        메시지가 생길 때마다 응답에 몇 줄이 더해집니다.`,
    "compare.heard": "받은 메시지:",
    "compare.delay": "지연 시간",
    "compare.requests": "요청 수",
    "compare.bytes": "주고받은 바이트",
    "compare.text": "비교: {time}에 보냄",
    "compare.ms": "{median}ms (최대 {slowest})",
    "compare.seconds": "{median}초 (최대 {slowest})",
    "compare.counted": "계산 방법",
    "compare.counted.requests": `<b>요청 수</b>는 이 페이지를 연 때부터, 또는
        <i>처음부터 다시</i>를 누른 때부터 셉니다. Server-Sent Events의 스트림은
        요청 하나입니다. 연결이 끊어지면 다음 스트림이 요청 하나를 더합니다.
        서버가 응답하지 않은 요청은 세지 않습니다.`,
    "compare.counted.bytes": `<b>바이트</b>는 양방향으로 오간 HTTP의
        바이트입니다. TCP와 IP가 더하는 바이트는 세지 않습니다. 응답은 페이지가
        받은 헤더 필드와 본문을 셉니다. 페이지는 자기가 보낸 요청의 헤더 필드와
        스트림의 헤더 필드를 볼 수 없습니다. 그래서 브라우저와 이 서버가 보통
        보내는 필드를 셉니다. 이벤트는 세 줄과, 그 세 줄을 담은 HTTP/1.1 청크를
        셉니다. 하트비트는 15초마다 8바이트이며, 세지 않습니다. 스트림을 거절하는
        응답도 세지 않습니다.`,
    "compare.counted.delay": `<b>지연 시간</b>은 이 페이지가 메시지를 보내기
        직전부터 그 메시지가 돌아올 때까지의 시간이며, 이 페이지의 시계로 잽니다.
        이 페이지가 보낸 메시지만 셉니다. 보낸 메시지는 그 글로 알아봅니다.
        막대는 최근 메시지 100개의 중앙값이고, 세로선은 그중 가장 느린
        것입니다.`,
    "compare.counted.chat": `이 메시지는 채팅에도 나타납니다. 세 가지 방법과
        채팅은 모두 같은 저장소를 읽습니다.`,

    // threads.html
    "threads.title": "모든 스레드와, 각 스레드가 블로킹된 곳",
    "threads.slow": "슬로 모션",
    "threads.slow.off": "끔",
    "threads.slow.50": "차례마다 50ms",
    "threads.slow.200": "차례마다 200ms",
    "threads.slow.1000": "차례마다 1초",
    "threads.slow.step": "한 단계씩",
    "threads.step": "다음 차례",
    "threads.step.message": "메시지 끝까지",
    "threads.send": "메시지 보내기",
    "threads.timeline": "무슨 일이 있었나: 타임라인",
    "threads.classroom": `슬로 모션은 <code>--classroom</code>으로 시작한
        서버에서만 쓸 수 있습니다.`,
    "threads.step.how":
        "<b>다음 차례</b>나 스페이스 바를 누를 때까지 각 차례가 기다립니다.",
    "threads.step.by": `마지막으로 단계를 진행한 곳: {by}. 다음 단계로 가지
        않으면 {left} 뒤에 슬로 모션이 끝납니다.`,
    "threads.legend": "스레드가 블로킹된 곳",
    "threads.picture": "스레드의 현재 위치",
    "threads.dots": `점은 메시지입니다. 발행자에게서 history로, 그리고 차례를
        얻은 스레드에서 소켓으로 날아갑니다.`,
    "threads.replay": `서버는 자기 스레드를 1초에 몇 번 살펴봅니다. 보통 속도에서는
        다음번에 살펴보기 전에 한 메시지의 전달이 모두 끝납니다. 그럴 때 점은 최대
        80번의 전달을 다시 보여 줍니다.`,
    "threads.point": "타일을 가리키거나 화살표 키를 사용하세요.",
    "threads.ended": "이 스레드는 끝났습니다.",
    "threads.silence": "서버가 응답하지 않습니다.",
    "threads.message": "메시지 {count}",
    "threads.table": "같은 내용을 표로 보기",
    "threads.table.name": "스레드 표",
    "threads.table.thread": "스레드",
    "threads.table.role": "역할",
    "threads.table.blocks": "블로킹된 곳",
    "threads.table.for": "시간",
    "threads.table.place": "위치",
    "threads.table.channel": "채널",
    "threads.table.sent": "보낸 수",
    "threads.table.client": "클라이언트",
    "threads.table.request": "요청",
    "threads.table.more": "외 {count}개가 더 있습니다.",
    "threads.runs": "실행 중",
    "threads.running": "실행 중",
    "threads.other": "그 밖의 호출",
    "threads.told": "{role} {tid}: {means}",
    "threads.told.call": "{role} {tid}: {means} · {call}",
    "threads.told.kernel": "(커널에서는 {kernel})",
    "threads.told.age": "{age}째",
    "threads.told.place": "위치: {place}",
    "threads.told.channel": "채널: {channel}",
    "threads.told.sent": "{count}개 보냄",

    // The boxes of the picture. Where there is no room, only what stands before
    // the colon or the comma is shown.
    "threads.box.own": "서버의 스레드",
    "threads.box.journal":
        "서버의 스레드; journal: {batch}개 기록 중, {waiting}개 대기",
    "threads.box.clients": "그 밖의 클라이언트",
    "threads.box.store": "저장소: 뮤텍스 하나가 이 모두를 보호",
    "threads.box.idle": "idle: 메시지를 모두 받음",
    "threads.box.ready": "ready: 차례를 기다림",
    "threads.box.turns": "차례",
    "threads.box.writing": "쓰는 중, 뮤텍스 없이",
    "threads.box.history.none": "history: 아직 메시지 없음",
    "threads.box.history": "history: {count}개 발행, 최신 id {id}",
    "threads.box.unlimited": "제한 없음",
    "threads.box.free": "{count}개 남음",

    // What a thread does in a call.
    "call.cond_wait": "깨워 주기를 기다립니다",
    "call.recv": "클라이언트가 보낼 데이터를 기다립니다",
    "call.send": "클라이언트가 읽기를 기다립니다",
    "call.mutex": "저장소의 뮤텍스를 기다립니다",
    "call.accept": "다음 클라이언트를 기다립니다",
    "call.none": "실행 중이거나 실행을 기다립니다",
    "call.other": "커널에서 기다립니다",
    "call.epoll_wait": "연결을 끊는 클라이언트를 기다립니다",
    "call.sigwait": "Ctrl-C를 기다립니다",
    "call.poll": "정한 때가 되거나 클라이언트가 떠나기를 기다립니다",
    "call.sleep": "잠들어 있습니다",
    "call.write": "로그 한 줄을 씁니다",
    "call.sync": "디스크를 기다립니다: 메시지를 안전하게 저장해야 합니다",
    "call.pwrite": "저널에 메시지를 씁니다",
    "call.pread": "저널에서 이전 메시지를 읽습니다",

    // The pokes of threads.html
    "poke.title": "건드려 보기:",
    "poke.spurious": "가짜 깨우기",
    "poke.stall": "읽지 않는 클라이언트",
    "poke.vanish": "사라진 클라이언트",
    "poke.herd": "한꺼번에 깨우기",
    "poke.lock": "뮤텍스 붙잡기",
    "poke.message": "건드려 보는 메시지",
    "poke.told.spurious": `{by}에서 새 메시지 없이 {tid}번 스레드의 조건 변수에
        신호를 보냈습니다. 스레드는 깨어나서 조건을 확인하고 다시 잠듭니다.`,
    "poke.told.stall": `{by}에서 읽지 않는 클라이언트를 만들었습니다. 담당인
        {tid}번 스레드는 sendmsg에서 블로킹되어 있습니다. 다른 스레드는 계속 진행합니다.
        10초가 지나면 서버가 연결을 포기합니다.`,
    "poke.told.vanish": `{by}에서 클라이언트의 케이블을 뽑았습니다. 담당인
        {tid}번 스레드는 아직 모릅니다. 다음 메시지나 하트비트를 보내고 10초가 지나면
        알아차리고 끝납니다.`,
    "poke.told.herd": `{by}에서 메시지 하나 동안 차례를 껐습니다. 그 메시지는 모든
        구독자를 한꺼번에 깨웁니다.`,
    "poke.told.lock": `{by}에서 {tid}번 스레드에게 저장소의 뮤텍스를 1초 동안 잡게
        했습니다. 저장소를 쓰려는 스레드는 모두 pthread_mutex_lock에서
        기다립니다.`,

    // timeline.html
    "timeline.name": "타임라인",
    "timeline.title": "무슨 일이 있었나: 누가 잠들었고, 누가 누구를 깨웠나",
    "timeline.show": "보기",
    "timeline.newest": "최신 메시지",
    "timeline.live": "최근 10초",
    "timeline.free": "선택한 구간",
    "timeline.message": "메시지 {id}",
    "timeline.pause": "일시 정지",
    "timeline.go": "계속",
    "timeline.move": "이동과 확대",
    "timeline.back": "이전으로",
    "timeline.on": "다음으로",
    "timeline.in": "확대",
    "timeline.out": "축소",
    "timeline.taller": "행을 높게",
    "timeline.flatter": "행을 낮게",
    "timeline.picture": "스레드별 시간과, 누가 누구를 깨웠는지",
    "timeline.nothing": "아직 아무 일도 없었습니다. 메시지를 보내 보세요.",
    "timeline.rows": {
        other: `스레드 {count}개가 일했습니다. 행을 가리키거나 화살표 키를
            사용하세요.`,
    },
    "timeline.row": "{role} {tid}",
    "timeline.told": "{role} {tid}: {means} · {time}",
    "timeline.told.call": "{role} {tid}: {means} · {call}, {time}",
    "timeline.way": {
        other: `메시지 {id}: {tid}번 스레드가 발행했습니다. 스레드 {count}개가
            {first}에서 {last} 사이에 받았고, {done} 뒤에는 모두 소켓에
            썼습니다.`,
    },
    "timeline.way.none":
        "메시지 {id}: {tid}번 스레드가 발행했고, 아직 받은 스레드가 없습니다.",
    "timeline.lost": {
        other: "단계 {count}개는 너무 빨리 지나가서 기록하지 못했습니다.",
    },
    "timeline.table": "메시지가 지나온 길을 표로 보기",
    "timeline.table.name": "메시지가 지나온 길을 보여 주는 표",
    "timeline.table.by": "깨운 스레드",
    "timeline.table.turn": "차례를 받음",
    "timeline.table.awake": "깨어남",
    "timeline.table.has": "메시지를 받음",
    "timeline.table.written": "소켓에 다 씀",
    "timeline.threads": "지금: 모든 스레드",
    "timeline.chrome": "Chrome, Perfetto용으로 저장",
    "timeline.keys": `그림에서: <kbd>←</kbd> <kbd>→</kbd> 이동, <kbd>+</kbd>
        <kbd>−</kbd> 또는 휠로 확대와 축소, <kbd>↑</kbd> <kbd>↓</kbd> 스레드
        선택, <kbd>PgUp</kbd> <kbd>PgDn</kbd> 행 높이, 스페이스 바 일시 정지,
        <kbd>Home</kbd> 최신 메시지.`,

    // inspect.html
    "inspect.title": "스트림의 이벤트를 하나하나 보기",
    "inspect.url": "이 서버의 URL",
    "inspect.by": "읽는 방법",
    "inspect.names": "message 외에 받을 이벤트 이름",
    "inspect.names.hint": `EventSource는 등록한 이름의 이벤트만 받고, 주석과
        <code>retry:</code>는 보여 주지 않습니다. 모두 보려면 fetch로 읽으세요.`,
    "inspect.method": "메서드",
    "inspect.fields": "헤더 필드, 한 줄에 하나씩",
    "inspect.body": "POST의 본문",
    "inspect.id.field":
        "마지막 이벤트의 id입니다. Last-Event-ID 필드로 보냅니다.",
    "inspect.id.parameter":
        "마지막 이벤트의 id입니다. lastEventId 매개변수로 보냅니다.",
    "inspect.connect": "연결",
    "inspect.drop": "끊기",
    "inspect.again": "이 id로 재연결",
    "inspect.clear": "지우기",
    "inspect.copy": "curl 명령으로 복사",
    "inspect.copied": "복사했습니다: {text}",
    "inspect.copy.this": "직접 복사하세요: {text}",
    "inspect.elsewhere": `이 서버의 스트림만 검사할 수 있습니다. 이 서버의
        페이지는 다른 곳에서 아무것도 불러오지 않습니다.`,
    "inspect.no.url": "올바른 URL이 아닙니다.",
    "inspect.no.field":
        '올바른 필드가 아닙니다: "{line}". "Name: value"처럼 써 주세요.',
    "inspect.life": "연결 과정",
    "inspect.events": "이벤트",
    "inspect.nothing": "아직 받은 것이 없습니다.",
    "inspect.connecting": "연결 중",
    "inspect.connecting.by": "연결 중: {method}",
    "inspect.open": "열림",
    "inspect.refused": "거절되었거나 끝남: EventSource가 포기했습니다",
    "inspect.lost": "연결이 끊어졌거나 스트림이 끝남",
    "inspect.broke": "연결이 끊어짐: {error}",
    "inspect.reconnecting": "retry만큼 기다린 뒤 재연결",
    "inspect.ended": "스트림이 끝남",
    "inspect.dropped": "직접 끊음",
    "inspect.no.type": "형식 없음",
    "inspect.no.stream": "스트림이 아님",

    "faults.title": "일부러 장애 일으키기",
    "faults.what": `장애는 이제부터 보낼 것이 생기는
        <code>subscribe</code>나 채널의 스트림에 일어납니다. 어느 페이지의 스트림이든
        상관없습니다. 그 스트림이 놓친 메시지는 재연결한 뒤에 받습니다. 장애는 이
        컴퓨터에서만 일으킬 수 있고, <code>--classroom</code>이면 누구나 일으킬 수
        있습니다.`,
    "faults.count": "장애를 겪을 스트림 수",
    "faults.kind": "일으킬 장애",
    "faults.drop": "연결을 끊음",
    "faults.reset": "연결을 재설정(RST)",
    "faults.stall": "5초 동안 멈춤",
    "faults.split": "메시지를 한 바이트씩 보냄",
    "faults.refuse": "거절: 503",
    "faults.ask": "일으키기",
    "faults.calm": "그만두기",
    "faults.left": "남은 장애: {faults}",
    "faults.none": "남은 장애가 없습니다.",

    // labs.html
    "page.labs": "실습",
    "labs.title": "열네 가지 실습",
    "labs.what": `실습 하나에 10분이 걸립니다. 결과를 보여 주기 전에, 어떻게 될지
        먼저 묻습니다. 수업에서는 휴대전화로 투표하세요.`,
    "labs.events": "스레드와 이벤트, 나란히 보기",
    "labs.about": "시작하는 방법",
    "labs.view": "서버의 스레드",
    "labs.thread": "{role} {tid}: {means}",
    "labs.places": "idle {idle} · ready {ready} · turn {turn} · writing {writing}",
    "labs.threads": "모든 스레드",
    "labs.all": "실습 목록",
    "labs.back": "이전",
    "labs.next": "다음",
    "labs.step": "{count}단계 중 {step}단계",
    "labs.terminal.server":
        "서버 터미널에서 (실행 중인 서버는 먼저 Ctrl-C로 끝내세요):",
    "labs.terminal.yours": "두 번째 터미널에서:",
    "labs.copy": "복사",
    "labs.copy.what": "복사: {command}",
    "labs.copied": "복사했습니다",
    "labs.selected": "선택했습니다",
    "labs.answer": "이 답으로 하기",
    "labs.vote": "투표",
    "labs.well": "맞았습니다.",
    "labs.not": "아쉽지만 정답이 아닙니다.",
    "labs.right": "정답",
    "labs.own": "내 답",
    "labs.counted": {
        other: "투표가 반영되었습니다. 지금까지 {count}명이 투표했습니다.",
    },
    "labs.voters": { other: "{count}명이 투표했습니다" },
    "labs.votes": { other: "{count}표" },
    "labs.ask": "학생들에게 묻기",
    "labs.ask.again": "다시 묻기",
    "labs.show.votes": "투표 결과 공개",
    "labs.show.answer": "정답 공개",
    "labs.end": "투표 끝내기",
    "labs.address": "학생들이 열 주소: {address}",
    "labs.closed": `이 컴퓨터에서만 서버에 접속할 수 있습니다. 휴대전화로
        접속하려면 --host 0.0.0.0으로 시작하세요.`,
    "labs.wait": "선생님이 물으면 질문이 여기에 저절로 나타납니다.",
    "labs.called": "실습 {lab}에서 투표하고 있습니다.",
    "labs.go": "질문으로 가기",

    // events.html
    "sides.title": "스레드와 이벤트, 나란히 보기",
    "sides.type": "이 컴퓨터에서 재려면 터미널에 입력하세요:",
    "sides.none": "아직 잰 값이 없습니다.",
    "sides.begun": "재는 중…",
    "sides.round": "{rounds}번 중 {round}번을 쟀습니다.",
    "sides.done": {
        other: "구독자 {subscribers}명, {count}번 잰 중앙값입니다.",
    },
    "sides.events": "이벤트: 스레드 하나가 모두에게 씁니다",
    "sides.threads": "스레드: crier, 구독자마다 하나",
    "sides.events.picture": "스레드 하나와 그 연결들",
    "sides.threads.picture": "연결마다 스레드 하나",
    "sides.look": {
        other: "연결 {connections}개에 스레드 {count}개, 깨어 있는 스레드: {awake}개",
    },
    "sides.figure": "1초에 메시지 20개",
    "sides.one": "이벤트",
    "sides.each": "스레드",
    "sides.cpu": "전달 한 번에 드는 프로세서 시간, µs",
    "sides.floor": "그 하한: 쓰기, 그리고 차례 넘기기",
    "sides.switches": "전달 한 번에 드는 문맥 전환",
    "sides.p50": "전달 시간, 중앙값, ms",
    "sides.p99": "전달 시간, 100개 중 99개, ms",
    "sides.publish": "발행자가 응답을 받는 시간, 100개 중 99개, ms",
    "sides.burst.cpu": "한꺼번에 200개: 프로세서 시간, µs",
    "sides.burst.rate": "한꺼번에 200개: 1초당 전달 수",
    "sides.memory": "구독자 하나에 드는 서버 메모리, KiB",
    "sides.better.one": "스레드 하나가 나은 경우",
    "sides.better.one.why": `많은 연결이 같은 것을 기다리고, 저마다 짧게 쓰기만
        하면 되는 경우입니다. 전달할 때 다른 스레드로 전환하지 않습니다. 연결에
        스택이 필요 없습니다.`,
    "sides.better.each": "스레드 여럿이 나은 경우",
    "sides.better.each.why": `연결을 처리하는 일이 느린 클라이언트나 디스크,
        라이브러리에서 블로킹될 수 있는 경우입니다. 그 스레드만 기다립니다. 모든
        코어가 일합니다. 발행자는 전달이 끝나기 전에 응답을 받습니다. 한 연결의
        코드를 위에서 아래로 읽을 수 있습니다.`,
    "sides.honest": "여기서 보이지 않는 것",
    "sides.honest.why": `한꺼번에 보낼 때 빠른 것은 스레드가 아니라 묶음 덕분입니다.
        차례를 기다린 스레드는 메시지 여러 개를 한 번에 씁니다. 스레드 하나로도 할
        수 있는 일입니다. 그리고 여기의 스레드 하나에는 history도 id도 없고, 느린
        클라이언트가 읽지 않은 것은 버립니다.`,
};
